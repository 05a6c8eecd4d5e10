# Ce que toutes les pages ont en commun.

skip-to-content = Aller au contenu
menu-label = Menu principal
menu-authorizations = Applications autorisées
menu-tokens = Jetons
menu-apps = Développement
menu-account = Compte
menu-admin = Administration
menu-sign-in = Se connecter
menu-sign-out = Se déconnecter
foot-docs = Référence de l’API
your-account = Votre compte :
cancel = Annuler
to-start-page = Aller à l’accueil
done-already = C’était déjà fait, peut-être dans un autre onglet. Rien d’autre n’a changé.

time-date = { $day ->
    [1] 1er { $month } { $year }
   *[other] { $day } { $month } { $year }
}
time-exact = { $day ->
    [1] 1er { $month } { $year }, { $clock } UTC
   *[other] { $day } { $month } { $year }, { $clock } UTC
}
month-1 = janv.
month-2 = févr.
month-3 = mars
month-4 = avr.
month-5 = mai
month-6 = juin
month-7 = juil.
month-8 = août
month-9 = sept.
month-10 = oct.
month-11 = nov.
month-12 = déc.
time-soon = dans un instant
time-now = à l’instant
time-in-minutes = { $n ->
    [one] dans { $n } minute
   *[other] dans { $n } minutes
}
time-in-hours = { $n ->
    [one] dans { $n } heure
   *[other] dans { $n } heures
}
time-in-days = { $n ->
    [one] dans { $n } jour
   *[other] dans { $n } jours
}
time-minutes-ago = { $n ->
    [one] il y a { $n } minute
   *[other] il y a { $n } minutes
}
time-hours-ago = { $n ->
    [one] il y a { $n } heure
   *[other] il y a { $n } heures
}
time-days-ago = { $n ->
    [one] il y a { $n } jour
   *[other] il y a { $n } jours
}

device-both = { $browser } sur { $system }
device-system = Un navigateur sur { $system }
device-unknown = Un appareil inconnu

list-two = { $first } et { $last }
list-more = { $first }, { $rest }

app-by = par { $owner }
app-registered-itself = s’est enregistrée elle-même le { $date }
tag-verified = Vérifiée
tag-unverified = Non vérifiée
tag-suspended = Suspendue
tag-resource-server = Serveur de ressources
policy-and-terms = <policy>politique de confidentialité</policy> ({ $policy-host }) et <terms>conditions d’utilisation</terms> ({ $terms-host })
policy-only = <policy>politique de confidentialité</policy> ({ $policy-host })
terms-only = <terms>conditions d’utilisation</terms> ({ $terms-host })

error-not-found = Cette page n’existe pas ici
error-forbidden = Ce n’est pas possible
error-too-many = Trop de tentatives
error-unavailable = Indisponible pour l’instant
error-server = Une erreur s’est produite
error-request = Impossible de répondre à cette demande
error-number = Si vous demandez de l’aide, indiquez ce numéro : { $id }
failure-throttled = Trop de tentatives ; réessayez { $when }.
failure-storage = Le service ne peut ni lire ni écrire ses données pour l’instant ; réessayez dans un moment.
failure-busy = Le service est occupé ; réessayez dans un moment.
failure-defect = Une erreur s’est produite de notre côté ; elle a été journalisée.
failure-not-found = Il n’y a rien ici, ou ce n’est pas à vous.
failure-method = Cette adresse attend un autre type de demande.
failure-changed = Quelqu’un d’autre a modifié cela entre-temps : rien n’a été enregistré. Rechargez la page et refaites votre modification.
failure-session-ended = Votre session a pris fin avant que cela soit fait : rien n’a changé. Connectez-vous et recommencez.
failure-form-expired = Ce formulaire est trop ancien ou a été ouvert dans une autre session ; revenez en arrière, rechargez la page et envoyez-le à nouveau.
failure-form-used = Ce formulaire a déjà été envoyé : rien n’a été créé une seconde fois. Un secret n’est affiché qu’une fois ; si vous ne l’avez pas, créez-en un nouveau.
failure-no-cookies = Votre navigateur n’a envoyé aucun cookie avec ce formulaire, et personne ne peut se connecter ici sans cookies. Autorisez-les pour ce site, rechargez la page et envoyez le formulaire à nouveau.
failure-cross-site = Ce formulaire a été envoyé depuis un autre site.

scope-default = Faire dans { $brand } tout ce que vous pouvez faire par son API
scope-openid = Savoir que c’est bien vous qui vous connectez
scope-email = Voir votre adresse e-mail
scope-profile = Voir votre nom, votre photo et votre profil
scope-address = Voir votre adresse postale
scope-phone = Voir votre numéro de téléphone
scope-offline = Garder son accès après votre déconnexion ici
scope-scim = Créer, modifier et supprimer les comptes d’autres personnes (SCIM)
scope-admin = Administrer { $brand } dans les limites de votre rôle : utilisateurs, applications, jetons, clés
scope-admin-read = Voir ce que les administrateurs de { $brand } voient de tous les utilisateurs et de toutes les applications

# Where an address is.
place-city = { $city }, { $country }
# Ce qui ne va pas dans une saisie.
wrong-text-empty = Ce champ est vide.
wrong-text-long = C’est plus long que { $max } caractères.
wrong-text-character = Ce texte contient le caractère invisible ou non attribué { $code } ; supprimez-le.
wrong-text-marks = Il y a trop d’accents à la suite.
wrong-text-letter = Il faut au moins une lettre ou un chiffre.
wrong-name-platform = Ce nom ressemble à celui de la plateforme ; choisissez-en un qui dise qui vous êtes.
wrong-email-empty = L’adresse e-mail est vide.
wrong-email-long = L’adresse e-mail dépasse { $max } caractères.
wrong-email-at = Une adresse e-mail contient exactement un @.
wrong-email-local = Avant le @, il peut y avoir des lettres, des chiffres, des points isolés et des signes courants, { $max } au plus.
wrong-email-domain = Après le @, il n’y a pas de domaine tel que example.com.
wrong-url-empty = Saisissez l’adresse du site, par exemple https://app.example.
wrong-url-long = L’adresse compte au plus { $max } caractères.
wrong-url-character = L’adresse contient une espace, une barre oblique inverse ou un caractère de contrôle.
wrong-url-scheme = L’adresse commence par https:// ou http://.
wrong-url-user = Supprimez le nom d’utilisateur ou le mot de passe avant le @.
wrong-url-invalid = L’adresse n’est pas une URL valide.
wrong-password-empty = Saisissez un mot de passe.
wrong-password-short = Utilisez au moins { $min } caractères.
wrong-password-long = Utilisez au plus { $max } caractères.
wrong-password-keyboard = Ce mot de passe est facile à deviner : il suit le clavier. Utilisez quelques mots sans rapport entre eux.
wrong-password-repeats = Ce mot de passe est facile à deviner : il se répète. Utilisez quelques mots sans rapport entre eux.
wrong-password-common = Ce mot de passe est l’un des plus courants, et ce sont les premiers essayés. Utilisez quelques mots sans rapport entre eux.
wrong-password-similar = Ce mot de passe ressemble trop à un mot de passe courant. Utilisez quelques mots sans rapport entre eux.
wrong-password-sequence = Ce mot de passe est facile à deviner : il contient une suite comme abc ou 321. Utilisez quelques mots sans rapport entre eux.
wrong-password-date = Ce mot de passe est facile à deviner : ce n’est guère plus qu’une date. Utilisez quelques mots sans rapport entre eux.
wrong-password-word = Ce mot de passe est facile à deviner : c’est un seul mot. Ajoutez-en deux ou trois autres.
wrong-password-names = Ce mot de passe est facile à deviner : il est fait de noms. Utilisez quelques mots sans rapport entre eux.
wrong-password-guessable = Ce mot de passe est facile à deviner. Allongez-le : deux ou trois mots de plus suffisent.
wrong-password-about = Ce mot de passe est facile à deviner : il contient votre nom, votre adresse ou le nom de ce service. Utilisez quelques mots sans rapport entre eux.
wrong-password-breached = Ce mot de passe figure dans des listes volées ailleurs, et ce sont les premières essayées. Utilisez-en un autre.
wrong-picture-empty = Choisissez un fichier.
wrong-picture-large = Le fichier dépasse 1 Mo. Choisissez-en un plus petit.
wrong-picture-format = Seules les images PNG, JPEG et WebP sont acceptées.
wrong-picture-small = L’image fait moins de { $side } × { $side } pixels. Choisissez-en une plus grande.
wrong-picture-big = L’image compte plus d’un million de pixels. 1024 × 1024 est le maximum.
wrong-picture-damaged = L’image est endommagée ou incomplète. Enregistrez-la à nouveau et choisissez le nouveau fichier.
wrong-picture-busy = Trop d’images sont en cours de traitement. Réessayez dans une minute.

# Ce que plusieurs pages ont en commun.
copy = Copier
copy-what = Copier { $what }
copy-done = Copié
copy-by-hand = Sélectionnez et copiez à la main
passkey-trouble = Aucune clé d’accès n’a été utilisée. Réessayez ou choisissez un autre moyen.
passkey-no-script = Une clé d’accès nécessite JavaScript, qui est désactivé ici.
code-scan = Scannez cette image avec votre application d’authentification.
code-picture = Le secret sous forme d’image (code QR) ; il figure aussi en texte ci-dessous
code-same-device = Sur cet appareil ? <open>Ouvrir dans l’application</open>. Ou saisissez le secret :
code-type = Saisissez les six chiffres affichés par l’application.
code-label = Code
# Below pages and mails: the platform's own words about itself.
foot-privacy = Politique de confidentialité
foot-terms = Conditions d’utilisation
foot-legal-notice = Mentions légales
foot-support = Aide
