# Jetons d’accès personnels.
tokens-title = Jetons
tokens-heading = Jetons d’accès personnels
tokens-lead = Pour vos propres scripts et la ligne de commande. Un jeton agit en votre nom : traitez-le comme votre mot de passe.
tokens-fresh = Votre nouveau jeton : { $description }
tokens-fresh-once = Copiez-le maintenant. Il n’est affiché que cette fois ; nous n’en gardons que l’empreinte.
tokens-the-token = le jeton
tokens-fresh-use = Gardez-le dans une variable d’environnement plutôt que dans le programme, puis essayez-le :
tokens-first-call = Un premier appel
tokens-none = Aucun jeton pour l’instant
tokens-none-why = Créez-en un pour un script, une tâche planifiée ou un premier essai de l’API. Pour un programme que d’autres utilisent, <app>enregistrez plutôt une application</app>.
tokens-yours = Vos jetons
tokens-count = { $n } sur { $limit }
tokens-end-all = Tout révoquer…
tokens-made = Créé le { $date }
tokens-expired = Expiré ({ $when })
tokens-expires = expiration : { $when }
tokens-never-expires = N’expire jamais
tokens-used = dernière utilisation : { $when }, depuis { $address }
tokens-unused = jamais utilisé
tokens-end = Révoquer<unseen> { $description }</unseen>
tokens-full = Vous avez { $n } jetons, et la limite est de { $limit }. Révoquez-en un dont vous n’avez plus besoin pour en créer un autre.
tokens-new = Nouveau jeton
tokens-what-for = À quoi sert-il ?
tokens-what-for-hint = Pour le reconnaître dans un an.
tokens-may = Que peut-il faire ?
tokens-expires-after = Expire après
tokens-days = { $n ->
    [one] { $n } jour
   *[other] { $n } jours
}
tokens-never = Jamais
tokens-make = Créer le jeton
tokens-choose-scope = Choisissez ce que le jeton peut faire.
tokens-limit = Vous avez { $n } jetons, le maximum autorisé. Révoquez-en un dont vous n’avez plus besoin.
tokens-done-one = Le jeton a été révoqué. Plus rien ne peut l’utiliser.
tokens-done-all = Tous vos jetons ont été révoqués. Plus rien ne peut les utiliser.

# Ce qu’un jeton dit de lui-même.
inspect-title = Examiner un jeton
inspect-lead = De quel type il est, ce qu’il peut faire, et jusqu’à quand.
inspect-access = Jeton d’accès
inspect-refresh = Jeton d’actualisation
inspect-personal = Jeton d’accès personnel
inspect-active = Actif
inspect-app = Application
inspect-scopes = Portées
inspect-issued = Émis
inspect-expires = Expire
inspect-never = jamais, tant qu’il est utilisé
inspect-ends-with = Prend fin avec
inspect-with-session = la session de l’utilisateur : il vient d’une simple connexion, et cesse de fonctionner quand l’utilisateur se déconnecte ici
inspect-not-active = Ce n’est pas un jeton actif
inspect-inactive = Inactif
inspect-inactive-why = Il a peut-être expiré ou été révoqué, est mal saisi, ou vient d’ailleurs.
inspect-token = Jeton
inspect-another = Un autre jeton
inspect-hint = Un jeton d’accès, d’actualisation ou d’accès personnel. Il n’est ni conservé ni journalisé.
inspect-submit = Examiner
inspect-back = Retour aux applications
