# Les moyens de connexion.
factors-title = Moyens de connexion
factors-lead = Avec un second moyen, un mot de passe volé ne donne accès à rien.
factors-lead-required = Ce service exige plus qu’un mot de passe : il faut garder au moins l’un de ces moyens.
factors-passkeys = Clés d’accès
factors-add-passkey = Ajouter une clé d’accès…
factors-no-passkeys = Aucune pour l’instant. Une clé d’accès vous connecte par empreinte digitale, par reconnaissance faciale ou par le code de votre appareil, au lieu d’un mot de passe.
factors-syncs = Sur tous vos appareils
factors-passkey-used = Créée le { $created } · dernière utilisation : { $used }
factors-passkey-unused = Créée le { $created } · jamais utilisée
factors-rename = Renommer<unseen> { $name }</unseen>
factors-new-name = Nouveau nom
factors-save-name = Enregistrer le nom
factors-remove = Supprimer<unseen> { $name }</unseen>
factors-app = Application d’authentification
factors-set-up-app = Configurer une application…
factors-app-used = Configurée le { $created } · dernière utilisation : { $used }
factors-app-unused = Configurée le { $created } · jamais utilisée depuis
factors-remove-app = Retirer l’application
factors-no-app = Aucune pour l’instant. L’application affiche des codes à six chiffres, demandés à la connexion après votre mot de passe.
factors-recovery = Codes de récupération
factors-recovery-left = { $n ->
    [0] Vous n’en avez aucun. Créez-en, pour le jour où les autres moyens seront perdus.
    [one] Il reste un code. Créez-en bientôt de nouveaux.
   *[other] Il reste { $n } codes. Chacun fonctionne une fois, après votre mot de passe.
}
factors-make-codes = Créer des codes de récupération
factors-make-new-codes = Créer de nouveaux codes
factors-password-is = Votre mot de passe se change sur la page de <account>votre compte</account>.
factors-back = Retour à <account>votre compte</account>.
factors-done-code = Votre application d’authentification est configurée. Désormais, son code est demandé à la connexion.
factors-done-no-code = L’application d’authentification a été retirée.
factors-done-passkey = Votre clé d’accès a été ajoutée. Vous pouvez désormais vous connecter avec elle.
factors-done-no-passkey = La clé d’accès a été supprimée. Supprimez-la aussi sur votre appareil.
factors-done-renamed = La clé d’accès a son nouveau nom.

# Une application d’authentification.
factor-code-heading = Configurer une application d’authentification
factor-code-lead = Elle affiche toutes les 30 secondes un nouveau code, qui sera demandé à la connexion après votre mot de passe.
factor-code-use = Utiliser cette application
factor-code-late = Cela a pris trop de temps. Voici un nouveau secret : scannez-le à nouveau.
factor-code-wrong = Ce n’est pas le code du moment. L’horloge de votre appareil est-elle à l’heure ?

# Une clé d’accès.
factor-passkey-title = Nouvelle clé d’accès
factor-passkey-add = Ajouter une clé d’accès
factor-passkey-lead = Vous vous connectez avec votre empreinte digitale, votre visage ou le code de votre appareil, sans rien à retenir. Une clé d’accès ne fonctionne que sur ce site : personne ne peut vous la soutirer.
factor-passkey-name = Quel nom lui donner ?
factor-passkey-name-hint = L’appareil ou le gestionnaire de mots de passe qui la gardera.
factor-passkey-back = Retour
factor-passkey-not-made = Cette clé d’accès n’a pas été ajoutée. La page est peut-être restée ouverte trop longtemps, ou cet appareil en a déjà une pour vous : réessayez.

# Les codes de récupération.
recovery-codes-heading = Notez ces codes
recovery-codes-lead = Chacun vous connecte une seule fois, avec votre mot de passe, le jour où vous aurez perdu votre autre moyen. Ils ne sont affichés que cette fois.
recovery-codes-label = Vos codes de récupération
recovery-codes-keep = Gardez-les sur papier ou dans un gestionnaire de mots de passe, pas sur l’appareil avec lequel vous vous connectez.
recovery-codes-old = Les anciens codes ne fonctionnent plus.
recovery-codes-onward = C’est noté

# Un second moyen, à la connexion.
set-up-factor-title = Configurer un second moyen de connexion
set-up-factor-lead = Un mot de passe seul ne suffit pas chez { $brand }. Cela prend une minute, une seule fois, pour { $email }.
set-up-factor-make = Créer une clé d’accès
set-up-factor-passkey = Avec une clé d’accès, vous vous connectez avec votre empreinte digitale, votre visage ou le code de votre appareil.
set-up-factor-impossible = Ce service demande une clé d’accès, et les navigateurs n’en créent pas à cette adresse. Veuillez le signaler à son exploitant.
set-up-factor-app = Ou utilisez une application d’authentification
set-up-factor-not-you = Ce n’est pas vous ? <again>Recommencer</again>
