# Iniciar sesión.
login-heading = Inicia sesión en { $brand }
login-app = para continuar en { $app }. La aplicación no verá tu contraseña.
login-connect-heading = Tienes una cuenta aquí
login-connect = Tu dirección de correo en el otro servicio ya tiene una cuenta aquí. Inicia sesión en ella como siempre; después podrás vincular las dos.
login-step-up = Confirma que eres tú
login-step-up-why = Lo que sigue es importante: escribe otra vez tu contraseña.
login-step-up-app = { $app } te pide que inicies sesión otra vez antes de continuar. La aplicación no verá tu contraseña.
login-confirm = Confirmar
login-passkey = Iniciar sesión con una llave de acceso
login-passkey-confirm = Confirmar con una llave de acceso
login-or = o
login-door = Continuar con { $name }
login-another = Usar otra cuenta
login-forgot = ¿Has olvidado tu contraseña?
login-new-here = ¿Es tu primera vez aquí? <sign-up>Crea una cuenta</sign-up>
login-wrong = La dirección de correo o la contraseña no es correcta.
login-passkey-wrong = No se ha podido iniciar sesión con esta llave de acceso. Puede que se haya eliminado o que la página llevara demasiado tiempo abierta: inténtalo otra vez.

# El segundo paso.
second-title = Un paso más
second-lead = Aún no has iniciado sesión. Demuestra también de otra manera que eres { $email }.
second-lead-again = Demuestra también de otra manera que eres { $email }.
second-passkey = Usar una llave de acceso
second-recovery-code = Código de recuperación
second-hint-both = Seis dígitos de tu aplicación de autenticación, o uno de tus códigos de recuperación.
second-hint-code = Seis dígitos de tu aplicación de autenticación.
second-hint-recovery = Uno de los códigos que anotaste, si no tienes a mano tu llave de acceso.
second-wrong = Este código no es correcto o ya se ha usado. Los códigos de una aplicación cambian cada 30 segundos.
second-again = ¿No eres tú? <again>Empieza de nuevo</again>

# Lo que piden los formularios.
field-email = Dirección de correo
field-password = Contraseña
field-new-password = Contraseña nueva
field-name = Tu nombre
field-name-hint = Las aplicaciones que conectes pueden verlo.
field-password-hint = De { $least } a { $most } caracteres. Varias palabras seguidas son una buena opción.
continue = Continuar

# Una cuenta nueva.
signup-title = Crear una cuenta
signup-heading = Crea tu cuenta de { $brand }
signup-button = Crear cuenta
signup-have-one = ¿Ya tienes una cuenta? <sign-in>Inicia sesión</sign-in>
signup-taken = Ya hay una cuenta con esta dirección; inicia sesión o usa otra.
signup-upstream = Iniciarás sesión con { $provider }. Esto es lo que ese servicio dice de ti; cámbialo si quieres.
signup-upstream-fixed = Iniciarás sesión con { $provider }. Esto es lo que ese servicio dice de ti. Podrás cambiar tu dirección después, en la página de tu cuenta.
signup-upstream-taken = Ya hay una cuenta con esta dirección. Inicia sesión en ella y vincula las dos en la página de tu cuenta, o usa otra dirección.
setup-title = Configuración inicial
setup-heading = Configurar { $brand }
setup-lead = Aquí se crea la cuenta de administración. El enlace que te ha traído funciona una sola vez.
setup-button = Crear cuenta de administración
setup-taken = Ya hay una cuenta con esta dirección; usa otra.
join-lead = Escribe tu dirección. Te enviaremos un enlace para crear la cuenta.
join-sent = Un correo va de camino a { $email }. Dice cómo seguir; su enlace funciona durante un día.
join-nothing-comes = ¿No llega nada? Mira en el correo no deseado y comprueba que la dirección es correcta.
mail-me-a-link = Enviarme un enlace
look-into-your-mail = Revisa tu correo

# Vincular con una cuenta de otro sitio.
connect-title = Vincular cuentas
connect-heading = ¿Vincular { $provider }?
connect-lead = Llegas desde { $provider } como { $label }, y tienes una cuenta aquí.
connect-account = Tu cuenta aquí
connect-means = Una vez vinculadas, quien inicie sesión en esa cuenta de { $provider } podrá iniciar sesión en esta. Puedes desvincularlas en la página de tu cuenta.
connect-do = Vincular
connect-leave = No vincular

# Una contraseña olvidada.
forgot-title = ¿Has olvidado tu contraseña?
forgot-lead = Escribe la dirección de tu cuenta. Te enviaremos un enlace para crear una contraseña nueva.
forgot-sent = Si hay una cuenta con la dirección { $email }, acabamos de enviar allí un enlace para crear una contraseña nueva. Funciona durante una hora.
forgot-nothing-comes = ¿No llega nada? Mira en el correo no deseado y comprueba que es la dirección con la que te registraste.
forgot-back = Volver al inicio de sesión
reset-title = Crea una contraseña nueva
reset-lead = Para la cuenta de { $email }. Todas sus sesiones se cerrarán.
reset-button = Guardar la contraseña
restore-title = Recuperar tu dirección
restore-lead = Tu cuenta vuelve a tener la dirección { $email } y recibe la contraseña que escribas aquí. Se cerrarán todas sus sesiones, y se retirarán las aplicaciones y los tokens añadidos desde el cambio.
restore-button = Recuperar la dirección

# De vuelta a una aplicación.
form-post-title = Un momento
form-post-heading = Un momento…
form-post-lead = Estás volviendo a la aplicación.

# ¿Seguro?
confirm-type = Para confirmar, escribe { $wanted }
app-delete-title = ¿Eliminar esta aplicación?
app-delete-access = Todas las personas que la conectaron quedarán desconectadas; sus tokens dejarán de funcionar al instante.
app-delete-id = Su ID de cliente y sus secretos se perderán para siempre.
app-delete-button = Eliminar esta aplicación
app-delete-wrong = Este no es el nombre de la aplicación.
account-delete-title = ¿Eliminar tu cuenta?
account-delete-apps = Aplicaciones tuyas que se eliminarán, y con ellas el acceso de quienes conectaron alguna: { $n }.
account-delete-grants = Aplicaciones que actúan por ti y perderán su acceso al instante: { $n }.
account-delete-tokens = Tokens de acceso personales que dejarán de funcionar al instante: { $n }.
account-delete-signed-out = Se cerrarán todas tus sesiones.
account-delete-removed = Se borrarán tu nombre, tu dirección de correo, tu foto y tus datos; la dirección quedará libre para otra cuenta.
account-delete-log = { $days ->
    [one] El registro de seguridad guarda lo ocurrido durante { $days } día, con un número en lugar de tu nombre.
   *[other] El registro de seguridad guarda lo ocurrido durante { $days } días, con un número en lugar de tu nombre.
}
account-delete-for-good = Nadie podrá recuperar la cuenta.
account-delete-button = Eliminar mi cuenta
account-delete-wrong = Esta no es la dirección de correo de la cuenta.
account-delete-only-admin = Nadie más administra este servicio. Antes, otra persona tiene que recibir ese rol.
account-deleted = La cuenta se ha eliminado. Su dirección de correo queda libre para otra.
tokens-end-title = ¿Revocar todos tus tokens?
tokens-end-scripts = Todos los scripts y programas que usan alguno de ellos dejarán de funcionar al instante.
tokens-end-button = Revocar todos

# Lo que falla en lo escrito.
app-name-is-the-platforms = Este nombre se parece al del propio servicio. «{ $brand }» solo puede ir al final, tras el nombre de tu aplicación y «para»: «Reloj para { $brand }».
app-name-is-taken = Este nombre se parece al de una aplicación verificada; elige uno que nadie confunda con él.

# Por qué algo no se hizo.
failure-body-long = La petición ocupa más de 64 KiB o no llegó entera.
failure-upload-broken = El formulario no llegó entero, o su archivo ocupa más de 1 MB.
failure-upload-kind = El formulario debe enviarse como multipart/form-data.
failure-field-twice = El formulario tiene un campo repetido o uno que no es texto.
failure-decision = El formulario no dice qué has decidido. Vuelve atrás y elige otra vez.
failure-host = Este servidor responde con otro nombre; usa su dirección pública.
failure-cookie-twice = El navegador envió dos veces la misma cookie; borra las cookies de este sitio e inténtalo otra vez.
failure-elsewhere = El servicio con el que quieres iniciar sesión no responde. Inténtalo de nuevo dentro de un momento o inicia sesión de otra manera.
failure-lost = Esta respuesta no corresponde a ningún inicio de sesión en curso en este navegador, o llegó dos veces o demasiado tarde. Empieza de nuevo en la página de inicio de sesión.
failure-not-signed-in-there = Allí no se inició tu sesión, así que aquí tampoco.
failure-not-proved-anew = Tenías que demostrar de nuevo quién eres, y el otro servicio no dice que lo hayas hecho. Inicia sesión de otra manera.
failure-answer-elsewhere = La respuesta del otro servicio no es válida, así que no se ha iniciado ninguna sesión. Inténtalo otra vez; si sigue igual, avisa al operador.
failure-answer-platform = La respuesta de la plataforma no es válida, así que no se ha iniciado ninguna sesión. Inténtalo otra vez; si sigue igual, avisa al operador.
failure-connected-elsewhere = La cuenta del otro servicio está vinculada aquí con otra cuenta. Inicia sesión en esa otra, o desvincúlala primero allí.
failure-account-disabled = Tu cuenta no se puede usar aquí en este momento. Pregunta al operador de este servicio.
failure-no-account-here = No tienes cuenta aquí, y las nuevas las crea el operador de este servicio.
failure-namesake = Tu dirección de correo tiene aquí una cuenta que no está vinculada con la plataforma. Pregunta al operador de este servicio.
failure-no-address = La plataforma no indica para ti ninguna dirección de correo que se pueda usar aquí.
failure-no-mail = Este servicio no envía correos, así que no puede hacer esto. Pide ayuda a su operador.
failure-crowded = En este momento no se puede enviar ningún correo. Inténtalo otra vez dentro de una hora.
failure-invitation = Este enlace es demasiado antiguo o no está completo. Pide uno nuevo en la página de registro.
signup-link-used = Este enlace ya se usó: hay una cuenta con su dirección. Inicia sesión con ella.
failure-address-has-account = Esta dirección ya tiene una cuenta, o pertenecía a una hace poco. Inicia sesión con ella o usa otra dirección.
failure-sign-up-closed = Las cuentas nuevas las crea el operador de este servicio.
failure-sign-up-platform = Aquí las cuentas vienen de la plataforma: inicia sesión y tendrás una.
failure-platform-stays = La plataforma es la que inicia tu sesión aquí, así que esta vinculación se conserva.
failure-set-up-link = Este enlace de configuración ya se ha usado o ha caducado, o ya hay una cuenta de administración. Si no la hay, reinicia el servidor para obtener un enlace nuevo, o crea la cuenta con: grantor user add --admin
failure-link-spent = Este enlace ya se ha usado, es demasiado antiguo, o tu cuenta ha cambiado desde que se envió. Si aún lo necesitas, pide uno nuevo.
failure-no-passkeys = En esta dirección no hay llaves de acceso.
failure-address-elsewhere = Tu dirección es la que tienes en el servicio con el que inicias sesión. Cámbiala allí.
failure-address-taken = Esta dirección ya es de otra cuenta, o lo era hace poco. No se ha cambiado nada.
failure-anothers-link = Este enlace es para otra cuenta, no para la de tu sesión. Cierra sesión y ábrelo otra vez.
failure-last-factor = Es la última manera de demostrar que eres tú, y este servicio pide una además de la contraseña. Configura otra primero.
failure-not-offered = Este servicio no ofrece eso.
failure-passkey-name = Un nombre tiene de 1 a 60 caracteres, en una sola línea.
failure-recovery-alone = Los códigos de recuperación sustituyen a un segundo factor; configura uno primero.
failure-apps-full = Tienes tantas aplicaciones como puede tener una cuenta; elimina una que ya no necesites.
failure-no-secret = Una aplicación de una sola página no tiene secreto.
failure-overlap = Elige cuánto tiempo sigue siendo válido el secreto anterior.
failure-sign-up-first = Nadie está vinculado aquí todavía con esa cuenta. Inicia sesión con tu dirección de correo, o crea primero una cuenta con ella, y después vincula las dos en la página de tu cuenta.
