# La page d’accueil.
home-title = Les applications et votre compte
home-overview = Aperçu
home-authorizations = Ce que vous avez connecté : ce que chaque application peut faire, sa dernière utilisation, et comment mettre fin à son accès.
home-tokens = Des jetons d’accès personnels, pour vos propres scripts et la ligne de commande.
home-apps = Ce que vous créez pour les autres : identifiants, secrets, adresses de redirection et demandes refusées.
home-account = Votre nom, votre mot de passe, et où vous êtes connecté.
home-count-apps = { $n ->
    [0] Aucune application
    [one] { $n } application
   *[other] { $n } applications
}
home-count-tokens = { $n ->
    [0] Aucun jeton
    [one] { $n } jeton
   *[other] { $n } jetons
}
home-count-sessions = { $n ->
    [0] Aucune session
    [one] { $n } session
   *[other] { $n } sessions
}
home-heading = Votre compte, et les applications qui agissent pour lui
home-lead = Connectez une application à { $brand } sans lui donner votre mot de passe. Voyez ce que chacune peut faire. Mettez fin à son accès quand vous voulez.
home-sign-up = Créer un compte
home-step-connect = <b>Connecter.</b> Une application vous envoie ici. Vous voyez qui demande, et quoi.
home-step-decide = <b>Décider.</b> Autoriser ou refuser. L’application ne voit jamais votre mot de passe.
home-step-end = <b>Mettre fin.</b> Un clic, et tous les jetons de l’application cessent de fonctionner.
home-build = Vous créez une application ?
home-build-how = Enregistrez-la, envoyez vos utilisateurs à l’adresse d’autorisation, échangez le code contre un jeton, appelez l’API. C’est OAuth 2.0 : toute bibliothèque convient. Pour vos propres scripts, un jeton d’accès personnel suffit.
home-build-docs = Lire la référence de l’API

# Applications autorisées.
authorizations-title = Applications autorisées
authorizations-lead = Ces applications agissent pour vous. Mettez fin à l’accès de l’une d’elles, et tous ses jetons cessent aussitôt de fonctionner.
authorizations-none = Aucune application n’agit pour vous
authorizations-none-why = Quand vous en connectez une, par son bouton « Connecter mon compte { $brand } », elle apparaît ici avec ce qu’elle peut faire et la date de sa dernière utilisation.
authorizations-used = Connectée le { $since } · dernière utilisation : { $used }
authorizations-unused = Connectée le { $since } · jamais utilisée
authorizations-suspended = Cette application est suspendue : elle ne peut rien faire pour vous tant que dure la suspension. Vous pouvez dès maintenant mettre fin définitivement à son accès.
authorizations-edited = Son développeur a changé son nom, son icône ou son adresse ({ $when }) ; elle vous demandera à nouveau votre accord.
authorizations-opens-at = S’ouvre sur { $host }.
authorizations-implicit = Reçoit ses jetons par l’adresse affichée dans le navigateur, une méthode ancienne et moins confidentielle.
authorizations-open = Ouvrir<unseen> { $app }</unseen>
authorizations-end = Mettre fin à l’accès<unseen> de { $app }</unseen>
authorizations-ended = L’accès de l’application a pris fin. Ses jetons ne fonctionnent plus.

# Consentement.
consent-title-login = Se connecter à { $app } ?
consent-title-connect = Connecter { $app } ?
consent-login = Se connecter à { $app } avec { $brand } ?
consent-more = Autoriser { $app } à faire plus ?
consent-connect = Connecter { $app } à votre compte { $brand } ?
consent-since = Connectée depuis le { $since }. Cette fois, elle demande plus que ce que vous aviez autorisé.
consent-not-you = Ce n’est pas vous ?
consent-learns = { $app } saura qui vous êtes
consent-nothing-else = Rien d’autre : elle ne pourra ni voir ni modifier ce que vous avez chez { $brand }.
consent-may = { $app } pourra
consent-receives = Elle recevra
consent-knows = Elle saura qui vous êtes, par
consent-goes-to = Vous continuez vers
consent-to-program = le programme de cet appareil qui ouvre les liens { $scheme }
consent-to-loopback = un programme sur cet appareil ({ $host })
consent-then = Ensuite
consent-shown = vous verrez un code, à saisir vous-même dans { $app }
consent-policies = Documents de l’application : { $links }. Ces pages s’ouvrent dans un nouvel onglet et ne viennent pas de { $brand }.
consent-sent-here = <b>Quelqu’un vous a envoyé ici ?</b> Dans ce cas, refusez. Quiconque obtient de vous ce code accède à votre compte, et personne de chez { $brand } ne vous le demandera jamais.
consent-unchecked-connect = { $brand } n’a pas vérifié qui est derrière cette application. N’autorisez que si vous êtes à l’origine de cette demande et si vous faites confiance à { $owner }.
consent-unchecked-login = { $brand } n’a pas vérifié qui est derrière cette application. Ne vous connectez que si vous êtes à l’origine de cette demande et si vous faites confiance à { $owner }.
consent-registered-connect = { $brand } n’a pas vérifié qui est derrière cette application : elle s’est enregistrée elle-même, sous un nom de son choix. N’autorisez que si vous êtes à l’origine de cette demande et si vous savez vers où vous continuez.
consent-registered-login = { $brand } n’a pas vérifié qui est derrière cette application : elle s’est enregistrée elle-même, sous un nom de son choix. Ne vous connectez que si vous êtes à l’origine de cette demande et si vous savez vers où vous continuez.
consent-deny = Refuser
consent-allow = Autoriser
consent-cancel = Annuler
consent-sign-in = Se connecter
consent-end-any-day = Vous pouvez y mettre fin à tout moment dans <authorizations>Applications autorisées</authorizations>.

# Ce qu’une application apprend.
learns-id = le numéro de votre compte
learns-pairwise = un numéro propre à cette application, que les autres ne peuvent pas recouper
learns-name = votre nom
learns-given_name = votre prénom
learns-middle_name = votre deuxième prénom
learns-family_name = votre nom de famille
learns-nickname = votre surnom
learns-preferred_username = votre nom d’utilisateur
learns-email = votre adresse e-mail
learns-email_verified = si votre adresse e-mail est vérifiée
learns-phone_number = votre numéro de téléphone
learns-phone_number_verified = si votre numéro de téléphone est vérifié
learns-address = votre adresse postale
learns-birthdate = votre date de naissance
learns-gender = votre genre
learns-profile = votre page personnelle
learns-website = votre site web
learns-locale = votre langue
learns-zoneinfo = votre fuseau horaire
learns-updated_at = la date de la dernière modification de votre profil
learns-picture = votre photo
learns-whole-profile = votre profil avec photo

authorize-dead-end = L’application qui vous a envoyé ici ne peut pas être connectée de cette façon. Revenez-y et transmettez ce texte à ses développeurs :

# Un code à recopier.
oob-title = Votre code
oob-copy = Copiez ce code dans { $app }
oob-once = { $minutes ->
    [one] Il fonctionne une fois, pendant { $minutes } minute.
   *[other] Il fonctionne une fois, pendant { $minutes } minutes.
}
oob-the-code = le code
oob-no-one-may-ask = <b>Personne n’a le droit de vous demander ce code.</b> Ne le saisissez que dans le programme que vous avez lancé vous-même. Quiconque le possède accède à votre compte.
oob-denied = Application non connectée
oob-denied-why = Vous avez refusé à { $app } l’accès à votre compte. Rien n’a été transmis. Vous pouvez fermer cette page.
oob-failed = Connexion impossible
oob-failed-why = La demande de { $app } ne peut pas aboutir, et il n’y a pas d’adresse à laquelle l’en informer. Son développeur voudra savoir :
oob-error = Erreur
oob-cause = Cause
oob-changed-your-mind = Vous avez changé d’avis ? Mettez-y fin dans <authorizations>Applications autorisées</authorizations>.

# Déconnexion.
logout-title = Se déconnecter
logout-wrong = Cette demande de déconnexion est incorrecte
logout-nothing-done = Rien n’a été fait. C’est à l’application qui vous a envoyé ici de corriger cela.
logout-nothing-done-yet = Rien n’a été fait. C’est à l’application qui vous a envoyé ici de corriger cela ; vous pouvez vous déconnecter vous-même.
logout-heading = Se déconnecter de { $brand } ?
logout-asked = { $app } vous le demande.
logout-told = Vous êtes connecté à ces applications dans ce navigateur. Elles en seront informées, et la plupart vous déconnectent aussi :
logout-untold = Vous êtes connecté à ces applications dans ce navigateur, et elles ne peuvent pas en être informées ; déconnectez-vous-en vous-même :
logout-connected = Les applications que vous avez connectées gardent leur accès ; vous pouvez y mettre fin dans <authorizations>Applications autorisées</authorizations>.
signed-out-title = Déconnecté
signed-out-heading = Vous êtes déconnecté
signed-out-lead = De { $brand } dans ce navigateur. Les applications que vous avez connectées le restent jusqu’à ce que vous y mettiez fin.
signed-out-told = Ces applications en sont informées, et la plupart vous déconnectent aussi :
signed-out-untold = Celles-ci ne peuvent pas en être informées ; vous y êtes peut-être encore connecté :
signed-out-onward = Continuer vers { $app }
signed-out-again = Se reconnecter
signed-out-frame = Informe une application que vous vous êtes déconnecté

# Connexion.
login-policies = Documents propres à { $app } : { $links }, dans un nouvel onglet
