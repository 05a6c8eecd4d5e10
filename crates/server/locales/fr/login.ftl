# Se connecter.
login-heading = Se connecter à { $brand }
login-app = pour continuer vers { $app }. L’application ne verra pas votre mot de passe.
login-connect-heading = Vous avez un compte ici
login-connect = Votre adresse e-mail auprès de l’autre service a déjà un compte ici. Connectez-vous-y comme d’habitude ; vous pourrez ensuite relier les deux.
login-step-up = Confirmez que c’est bien vous
login-step-up-why = La suite est importante : saisissez une nouvelle fois votre mot de passe.
login-step-up-app = { $app } vous demande de vous connecter une nouvelle fois avant de continuer. L’application ne verra pas votre mot de passe.
login-confirm = Confirmer
login-passkey = Se connecter avec une clé d’accès
login-passkey-confirm = Confirmer avec une clé d’accès
login-or = ou
login-door = Continuer avec { $name }
login-another = Utiliser un autre compte
login-forgot = Mot de passe oublié ?
login-new-here = Nouveau ici ? <sign-up>Créer un compte</sign-up>
login-wrong = L’adresse e-mail ou le mot de passe est incorrect.
login-passkey-wrong = Cette clé d’accès n’a pas permis de vous connecter. Elle a peut-être été supprimée, ou la page est restée ouverte trop longtemps : réessayez.

# La deuxième étape.
second-title = Encore une étape
second-lead = Vous n’êtes pas encore connecté. Prouvez d’une autre façon encore que vous êtes { $email }.
second-lead-again = Prouvez d’une autre façon encore que vous êtes { $email }.
second-passkey = Utiliser une clé d’accès
second-recovery-code = Code de récupération
second-hint-both = Six chiffres de votre application d’authentification, ou l’un de vos codes de récupération.
second-hint-code = Six chiffres de votre application d’authentification.
second-hint-recovery = L’un des codes que vous avez notés, si vous n’avez pas votre clé d’accès sous la main.
second-wrong = Ce code est incorrect ou a déjà été utilisé. Les codes d’une application changent toutes les 30 secondes.
second-again = Ce n’est pas vous ? <again>Recommencer</again>

# Ce que demandent les formulaires.
field-email = Adresse e-mail
field-password = Mot de passe
field-new-password = Nouveau mot de passe
field-name = Votre nom
field-name-hint = Les applications que vous connectez peuvent le voir.
field-password-hint = De { $least } à { $most } caractères. Plusieurs mots à la suite font un bon mot de passe.
continue = Continuer

# Un nouveau compte.
signup-title = Créer un compte
signup-heading = Créez votre compte { $brand }
signup-button = Créer le compte
signup-have-one = Vous avez déjà un compte ? <sign-in>Se connecter</sign-in>
signup-taken = Cette adresse a déjà un compte ; connectez-vous ou utilisez-en une autre.
signup-upstream = Vous vous connecterez avec { $provider }. Voici ce que ce service dit de vous ; modifiez-le si vous le souhaitez.
signup-upstream-fixed = Vous vous connecterez avec { $provider }. Voici ce que ce service dit de vous. Vous pourrez changer votre adresse plus tard, sur la page de votre compte.
signup-upstream-taken = Cette adresse a déjà un compte. Connectez-vous-y, puis reliez les deux depuis la page de votre compte, ou utilisez une autre adresse.
setup-title = Mise en service
setup-heading = Mettre { $brand } en service
setup-lead = Vous créez ici le compte d’administration. Le lien qui vous a amené ici ne fonctionne qu’une fois.
setup-button = Créer le compte d’administration
setup-taken = Cette adresse a déjà un compte ; utilisez-en une autre.
join-lead = Saisissez votre adresse. Nous vous envoyons un lien qui vous permet de créer le compte.
join-sent = Un e-mail est en route vers { $email }. Il indique comment continuer ; son lien est valable un jour.
join-nothing-comes = Rien n’arrive ? Regardez dans le courrier indésirable et vérifiez l’adresse.
mail-me-a-link = M’envoyer un lien
look-into-your-mail = Consultez vos e-mails

# Relier un compte d’ailleurs.
connect-title = Relier des comptes
connect-heading = Relier { $provider } ?
connect-lead = Vous arrivez de { $provider } en tant que { $label }, et vous avez un compte ici.
connect-account = Votre compte ici
connect-means = Une fois les comptes reliés, quiconque se connecte à ce compte chez { $provider } peut se connecter à celui-ci. Vous pouvez les dissocier depuis la page de votre compte.
connect-do = Relier
connect-leave = Ne pas relier

# Un mot de passe oublié.
forgot-title = Mot de passe oublié ?
forgot-lead = Saisissez l’adresse de votre compte. Nous vous envoyons un lien pour définir un nouveau mot de passe.
forgot-sent = S’il existe un compte avec l’adresse { $email }, un lien pour définir un nouveau mot de passe vient d’y être envoyé. Il est valable une heure.
forgot-nothing-comes = Rien n’arrive ? Regardez dans le courrier indésirable et vérifiez que c’est bien l’adresse avec laquelle vous vous êtes inscrit.
forgot-back = Revenir à la connexion
reset-title = Définir un nouveau mot de passe
reset-lead = Pour le compte de { $email }. Toutes ses sessions seront fermées.
reset-button = Définir le mot de passe
restore-title = Rétablir votre adresse
restore-lead = Votre compte reprend l’adresse { $email } et le mot de passe que vous saisissez ici. Toutes ses sessions seront fermées, et les applications et les jetons ajoutés depuis le changement prendront fin.
restore-button = Rétablir l’adresse

# De retour vers une application.
form-post-title = Un instant
form-post-heading = Un instant…
form-post-lead = Vous êtes en route vers l’application.

# Vraiment ?
confirm-type = Pour confirmer, saisissez { $wanted }
app-delete-title = Supprimer cette application ?
app-delete-access = Toutes les personnes qui l’ont connectée seront déconnectées ; ses jetons cesseront aussitôt de fonctionner.
app-delete-id = Son identifiant client et ses secrets seront perdus pour toujours.
app-delete-button = Supprimer cette application
app-delete-wrong = Ce n’est pas le nom de l’application.
account-delete-title = Supprimer votre compte ?
account-delete-apps = Vos applications qui seront supprimées, et avec elles l’accès de tous ceux qui en ont connecté une : { $n }.
account-delete-grants = Applications qui agissent pour vous et perdront aussitôt leur accès : { $n }.
account-delete-tokens = Jetons d’accès personnels qui cesseront aussitôt de fonctionner : { $n }.
account-delete-signed-out = Vous serez déconnecté partout.
account-delete-removed = Votre nom, votre adresse e-mail, votre photo et vos informations seront effacés ; l’adresse sera libre pour un autre compte.
account-delete-log = { $days ->
    [one] Le journal de sécurité garde { $days } jour ce qui s’est passé, sous un numéro au lieu de votre nom.
   *[other] Le journal de sécurité garde { $days } jours ce qui s’est passé, sous un numéro au lieu de votre nom.
}
account-delete-for-good = Personne ne pourra rétablir le compte.
account-delete-button = Supprimer mon compte
account-delete-wrong = Ce n’est pas l’adresse e-mail du compte.
account-delete-only-admin = Vous êtes la seule personne qui administre ce service. Quelqu’un d’autre doit d’abord recevoir ce rôle.
account-deleted = Le compte a été supprimé. Son adresse e-mail est libre pour un autre.
tokens-end-title = Révoquer tous vos jetons ?
tokens-end-scripts = Tous les scripts et programmes qui utilisent l’un d’eux cesseront aussitôt de fonctionner.
tokens-end-button = Tout révoquer

# Ce qui ne va pas dans une saisie.
app-name-is-the-platforms = Ce nom ressemble à celui du service lui-même. « { $brand } » ne peut figurer qu’à la fin, après le nom de votre application et « pour » : « Horloge pour { $brand } ».
app-name-is-taken = Ce nom ressemble à celui d’une application vérifiée ; choisissez-en un que personne ne confondra avec lui.

# Pourquoi rien ne s’est fait.
failure-body-long = La demande dépasse 64 Kio ou n’est pas arrivée entière.
failure-upload-broken = Le formulaire n’est pas arrivé entier, ou son fichier dépasse 1 Mo.
failure-upload-kind = Le formulaire doit être envoyé en multipart/form-data.
failure-field-twice = Le formulaire contient un champ en double, ou un champ qui n’est pas du texte.
failure-decision = Le formulaire ne dit pas ce que vous avez décidé. Revenez en arrière et choisissez à nouveau.
failure-host = Ce serveur répond sous un autre nom ; utilisez son adresse publique.
failure-cookie-twice = Le navigateur a envoyé deux fois le même cookie ; supprimez les cookies de ce site et réessayez.
failure-elsewhere = Le service avec lequel vous voulez vous connecter ne répond pas. Réessayez dans un moment ou connectez-vous autrement.
failure-lost = Cette réponse ne correspond à aucune connexion en cours dans ce navigateur, ou elle est arrivée deux fois ou trop tard. Recommencez depuis la page de connexion.
failure-not-signed-in-there = Vous n’avez pas été connecté là-bas ; vous ne l’êtes donc pas ici non plus.
failure-not-proved-anew = Vous deviez prouver à nouveau qui vous êtes, et l’autre service ne dit pas que vous l’avez fait. Connectez-vous autrement.
failure-answer-elsewhere = La réponse de l’autre service n’est pas valable : personne n’a été connecté. Veuillez réessayer ; si cela persiste, prévenez l’exploitant.
failure-answer-platform = La réponse de la plateforme n’est pas valable : personne n’a été connecté. Veuillez réessayer ; si cela persiste, prévenez l’exploitant.
failure-connected-elsewhere = Le compte de l’autre service est relié ici à un autre compte. Connectez-vous à celui-là, ou commencez par l’en dissocier.
failure-account-disabled = Votre compte ici n’est pas utilisable pour l’instant. Adressez-vous à l’exploitant de ce service.
failure-no-account-here = Vous n’avez pas de compte ici, et c’est l’exploitant de ce service qui crée les nouveaux.
failure-namesake = Votre adresse e-mail a ici un compte qui n’est pas relié à la plateforme. Adressez-vous à l’exploitant de ce service.
failure-no-address = La plateforme n’indique pour vous aucune adresse e-mail utilisable ici.
failure-no-mail = Ce service n’envoie pas d’e-mails et ne peut donc pas faire cela. Demandez de l’aide à son exploitant.
failure-crowded = Aucun e-mail ne peut être envoyé pour l’instant. Réessayez dans une heure.
failure-invitation = Ce lien est trop ancien ou incomplet. Demandez-en un nouveau sur la page d’inscription.
signup-link-used = Ce lien a déjà servi : il existe un compte avec son adresse. Connectez-vous avec elle.
failure-address-has-account = Cette adresse a maintenant un compte, ou appartenait à un compte il y a peu. Connectez-vous avec elle ou utilisez une autre adresse.
failure-sign-up-closed = C’est l’exploitant de ce service qui crée les nouveaux comptes.
failure-sign-up-platform = Les comptes viennent ici de la plateforme : connectez-vous, et vous en avez un.
failure-platform-stays = C’est la plateforme qui vous connecte ici, cette liaison reste donc en place.
failure-set-up-link = Ce lien de mise en service a été utilisé ou a expiré, ou il y a déjà un compte d’administration. Sinon, redémarrez le serveur pour obtenir un nouveau lien, ou créez le compte avec : grantor user add --admin
failure-link-spent = Ce lien a déjà été utilisé, est trop ancien, ou votre compte a changé depuis son envoi. Si vous en avez encore besoin, demandez-en un nouveau.
failure-no-passkeys = Il n’y a pas de clés d’accès à cette adresse.
failure-address-elsewhere = Votre adresse est celle que vous avez auprès du service qui vous connecte. Modifiez-la là-bas.
failure-address-taken = Cette adresse est maintenant celle d’un autre compte, ou l’était il y a peu. Rien n’a été modifié.
failure-anothers-link = Ce lien est pour un autre compte que celui auquel vous êtes connecté. Déconnectez-vous et ouvrez-le à nouveau.
failure-last-factor = C’est le dernier moyen de prouver que c’est vous, et ce service en demande un en plus du mot de passe. Configurez-en d’abord un autre.
failure-not-offered = Ce service ne propose pas cela.
failure-passkey-name = Un nom compte de 1 à 60 caractères, sur une seule ligne.
failure-recovery-alone = Les codes de récupération remplacent un second facteur ; configurez-en d’abord un.
failure-apps-full = Vous avez autant d’applications qu’un compte peut en avoir ; supprimez-en une dont vous n’avez plus besoin.
failure-no-secret = Une application monopage n’a pas de secret.
failure-overlap = Choisissez combien de temps l’ancien secret reste valable.
failure-sign-up-first = Personne n’est encore relié ici à ce compte. Connectez-vous avec votre adresse e-mail ou créez d’abord un compte avec elle, puis reliez les deux sur la page de votre compte.
