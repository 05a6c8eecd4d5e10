# Las formas de iniciar sesión.
factors-title = Formas de iniciar sesión
factors-lead = Con una segunda forma, una contraseña robada no basta para entrar.
factors-lead-required = Este servicio exige más que una contraseña: conserva al menos una de estas formas.
factors-passkeys = Llaves de acceso
factors-add-passkey = Añadir una llave de acceso…
factors-no-passkeys = Ninguna todavía. Con una llave de acceso inicias sesión con la huella, la cara o el código de tu dispositivo, en lugar de una contraseña.
factors-syncs = En todos tus dispositivos
factors-passkey-used = Creada el { $created } · último uso: { $used }
factors-passkey-unused = Creada el { $created } · nunca usada
factors-rename = Cambiar el nombre<unseen> de { $name }</unseen>
factors-new-name = Nombre nuevo
factors-save-name = Guardar el nombre
factors-remove = Quitar<unseen> { $name }</unseen>
factors-app = Aplicación de autenticación
factors-set-up-app = Configurar una aplicación…
factors-app-used = Configurada el { $created } · último uso: { $used }
factors-app-unused = Configurada el { $created } · sin usar desde entonces
factors-remove-app = Quitar la aplicación
factors-no-app = Ninguna todavía. La aplicación muestra códigos de seis dígitos, que se piden al iniciar sesión después de tu contraseña.
factors-recovery = Códigos de recuperación
factors-recovery-left = { $n ->
    [0] No tienes ninguno. Crea unos cuantos, para el día en que pierdas las otras formas.
    [one] Queda un código. Crea pronto otros nuevos.
   *[other] Quedan { $n } códigos. Cada uno funciona una vez, después de tu contraseña.
}
factors-make-codes = Crear códigos de recuperación
factors-make-new-codes = Crear códigos nuevos
factors-password-is = Tu contraseña se cambia en la página de <account>tu cuenta</account>.
factors-back = Volver a <account>tu cuenta</account>.
factors-done-code = Tu aplicación de autenticación está configurada. A partir de ahora, al iniciar sesión se pide su código.
factors-done-no-code = La aplicación de autenticación se ha quitado.
factors-done-passkey = Tu llave de acceso se ha añadido. Ya puedes iniciar sesión con ella.
factors-done-no-passkey = La llave de acceso se ha quitado. Elimínala también en tu dispositivo.
factors-done-renamed = Se ha cambiado el nombre de la llave de acceso.

# Una aplicación de autenticación.
factor-code-heading = Configurar una aplicación de autenticación
factor-code-lead = Muestra cada 30 segundos un código nuevo, que se pedirá al iniciar sesión después de tu contraseña.
factor-code-use = Usar esta aplicación
factor-code-late = Has tardado demasiado. Aquí tienes un secreto nuevo: escanéalo otra vez.
factor-code-wrong = Este no es el código vigente. ¿Está en hora el reloj de tu dispositivo?

# Una llave de acceso.
factor-passkey-title = Llave de acceso nueva
factor-passkey-add = Añadir una llave de acceso
factor-passkey-lead = Inicias sesión con tu huella, tu cara o el código de tu dispositivo, sin nada que recordar. Una llave de acceso solo funciona en este sitio, así que nadie te la puede sacar con engaños.
factor-passkey-name = ¿Qué nombre le das?
factor-passkey-name-hint = El dispositivo o gestor de contraseñas que la guardará.
factor-passkey-back = Volver
factor-passkey-not-made = Esta llave de acceso no se ha añadido. Puede que la página llevara demasiado tiempo abierta, o que este dispositivo ya tenga una para ti: vuelve a intentarlo.

# Los códigos de recuperación.
recovery-codes-heading = Apunta estos códigos
recovery-codes-lead = Con cada uno inicias sesión una sola vez, junto con tu contraseña, el día en que pierdas la otra forma. Se muestran solo esta vez.
recovery-codes-label = Tus códigos de recuperación
recovery-codes-keep = Guárdalos en papel o en un gestor de contraseñas, no en el dispositivo con el que inicias sesión.
recovery-codes-old = Los códigos anteriores ya no funcionan.
recovery-codes-onward = Ya los tengo

# Una segunda forma, al iniciar sesión.
set-up-factor-title = Configurar una segunda forma de iniciar sesión
set-up-factor-lead = Una contraseña sola no basta en { $brand }. Es cuestión de un minuto, una sola vez, para { $email }.
set-up-factor-make = Crear una llave de acceso
set-up-factor-passkey = Con una llave de acceso inicias sesión con tu huella, tu cara o el código de tu dispositivo.
set-up-factor-impossible = Este servicio exige una llave de acceso, y en esta dirección los navegadores no pueden crearlas. Avisa a su operador.
set-up-factor-app = O usa una aplicación de autenticación
set-up-factor-not-you = ¿No eres tú? <again>Empieza de nuevo</again>
