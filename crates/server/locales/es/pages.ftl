# La página de inicio.
home-title = Las aplicaciones y tu cuenta
home-overview = Resumen
home-authorizations = Lo que has conectado: qué puede hacer cada aplicación, cuándo lo hizo por última vez y cómo retirarle el acceso.
home-tokens = Tokens de acceso personales, para tus propios scripts y la línea de comandos.
home-apps = Lo que creas para otros: identificadores, secretos, direcciones de redirección y peticiones rechazadas.
home-account = Tu nombre, tu contraseña y dónde has iniciado sesión.
home-count-apps = { $n ->
    [0] Ninguna aplicación
    [one] { $n } aplicación
   *[other] { $n } aplicaciones
}
home-count-tokens = { $n ->
    [0] Ningún token
    [one] { $n } token
   *[other] { $n } tokens
}
home-count-sessions = { $n ->
    [0] Ninguna sesión
    [one] { $n } sesión
   *[other] { $n } sesiones
}
home-heading = Tu cuenta y las aplicaciones que actúan por ella
home-lead = Conecta una aplicación a { $brand } sin darle tu contraseña. Mira qué puede hacer cada una. Retírale el acceso cuando quieras.
home-sign-up = Crear una cuenta
home-step-connect = <b>Conecta.</b> Una aplicación te envía aquí. Ves quién lo pide y qué pide.
home-step-decide = <b>Decide.</b> Permite o rechaza. La aplicación nunca ve tu contraseña.
home-step-end = <b>Retira el acceso.</b> Un clic, y todos los tokens de la aplicación dejan de funcionar.
home-build = ¿Estás creando una aplicación?
home-build-how = Regístrala, envía a tus usuarios a la dirección de autorización, canjea el código por un token, llama a la API. Es OAuth 2.0: sirve cualquier biblioteca. Para tus propios scripts basta con un token de acceso personal.
home-build-docs = Leer la referencia de la API

# Aplicaciones autorizadas.
authorizations-title = Aplicaciones autorizadas
authorizations-lead = Estas aplicaciones actúan por ti. Si retiras el acceso a una, todos sus tokens dejan de funcionar al momento.
authorizations-none = Ninguna aplicación actúa por ti
authorizations-none-why = Cuando conectes una, con su botón «Conectar con { $brand }», aparecerá aquí con lo que puede hacer y cuándo lo hizo por última vez.
authorizations-used = Conectada el { $since } · último uso: { $used }
authorizations-unused = Conectada el { $since } · aún sin usar
authorizations-suspended = Esta aplicación está suspendida: no puede hacer nada por ti mientras dure la suspensión. Puedes retirarle ya el acceso para siempre.
authorizations-edited = Su desarrollador cambió su nombre, su icono o su dirección ({ $when }); te volverá a pedir permiso.
authorizations-opens-at = Se abre en { $host }.
authorizations-implicit = Recibe sus tokens por la dirección del navegador, una forma antigua y menos privada.
authorizations-open = Abrir<unseen> { $app }</unseen>
authorizations-end = Retirar el acceso<unseen> a { $app }</unseen>
authorizations-ended = Se ha retirado el acceso a la aplicación. Sus tokens han dejado de funcionar.

# Consentimiento.
consent-title-login = ¿Iniciar sesión en { $app }?
consent-title-connect = ¿Conectar { $app }?
consent-login = ¿Iniciar sesión en { $app } con { $brand }?
consent-more = ¿Permitir que { $app } haga más?
consent-connect = ¿Conectar { $app } a tu cuenta de { $brand }?
consent-since = Conectada desde el { $since }. Esta vez pide más de lo que permitiste.
consent-not-you = ¿No eres tú?
consent-learns = { $app } sabrá quién eres
consent-nothing-else = Nada más: no podrá ver ni cambiar lo que tienes en { $brand }.
consent-may = { $app } podrá
consent-receives = Recibirá
consent-knows = Sabrá quién eres por
consent-goes-to = Continuarás en
consent-to-program = el programa de este dispositivo que abre los enlaces { $scheme }
consent-to-loopback = un programa de este dispositivo ({ $host })
consent-then = Después
consent-shown = verás un código, que tendrás que escribir tú en { $app }
consent-policies = Documentos de la aplicación: { $links }. Se abren en una pestaña nueva y no son de { $brand }.
consent-sent-here = <b>¿Te ha enviado alguien aquí?</b> En ese caso, rechaza. Quien consiga de ti el código podrá entrar en tu cuenta, y nadie de { $brand } te lo pedirá jamás.
consent-unchecked-connect = { $brand } no ha comprobado quién está detrás de esta aplicación. Permítelo solo si lo has empezado tú y confías en { $owner }.
consent-unchecked-login = { $brand } no ha comprobado quién está detrás de esta aplicación. Inicia sesión solo si lo has empezado tú y confías en { $owner }.
consent-registered-connect = { $brand } no ha comprobado quién está detrás de esta aplicación: se registró a sí misma, con un nombre de su elección. Permítelo solo si lo has empezado tú y sabes dónde vas a continuar.
consent-registered-login = { $brand } no ha comprobado quién está detrás de esta aplicación: se registró a sí misma, con un nombre de su elección. Inicia sesión solo si lo has empezado tú y sabes dónde vas a continuar.
consent-deny = Rechazar
consent-allow = Permitir
consent-cancel = Cancelar
consent-sign-in = Iniciar sesión
consent-end-any-day = Puedes retirar el acceso cuando quieras en <authorizations>Aplicaciones autorizadas</authorizations>.

# Lo que una aplicación llega a saber.
learns-id = el número de tu cuenta
learns-pairwise = un número propio de esta aplicación, que las demás no pueden cotejar
learns-name = tu nombre
learns-given_name = tu nombre de pila
learns-middle_name = tu segundo nombre
learns-family_name = tus apellidos
learns-nickname = tu apodo
learns-preferred_username = tu nombre de usuario
learns-email = tu dirección de correo
learns-email_verified = si tu dirección de correo está comprobada
learns-phone_number = tu número de teléfono
learns-phone_number_verified = si tu número de teléfono está comprobado
learns-address = tu dirección postal
learns-birthdate = tu fecha de nacimiento
learns-gender = tu género
learns-profile = la página sobre ti
learns-website = tu sitio web
learns-locale = tu idioma
learns-zoneinfo = tu zona horaria
learns-updated_at = cuándo cambió tu perfil por última vez
learns-picture = tu foto
learns-whole-profile = tu perfil con foto

authorize-dead-end = La aplicación que te ha enviado aquí no puede conectarse de esta forma. Vuelve a ella y pasa este texto a sus desarrolladores:

# Un código para copiar a mano.
oob-title = Tu código
oob-copy = Copia este código en { $app }
oob-once = { $minutes ->
    [one] Funciona una vez, durante { $minutes } minuto.
   *[other] Funciona una vez, durante { $minutes } minutos.
}
oob-the-code = el código
oob-no-one-may-ask = <b>Nadie puede pedirte este código.</b> Escríbelo solo en el programa que has abierto tú. Quien lo tenga puede entrar en tu cuenta.
oob-denied = Aplicación no conectada
oob-denied-why = Has negado a { $app } el acceso a tu cuenta. No se ha compartido nada. Puedes cerrar esta página.
oob-failed = No se ha podido conectar
oob-failed-why = La petición de { $app } no se puede completar, y no hay una dirección a la que avisarle. A su desarrollador le interesará saber:
oob-error = Error
oob-cause = Causa
oob-changed-your-mind = ¿Has cambiado de idea? Retira el acceso en <authorizations>Aplicaciones autorizadas</authorizations>.

# Cerrar sesión.
logout-title = Cerrar sesión
logout-wrong = Esta petición de cierre de sesión es incorrecta
logout-nothing-done = No se ha hecho nada. Es la aplicación que te envió aquí la que tiene que corregirlo.
logout-nothing-done-yet = No se ha hecho nada. Es la aplicación que te envió aquí la que tiene que corregirlo; puedes cerrar sesión desde aquí.
logout-heading = ¿Cerrar sesión en { $brand }?
logout-asked = { $app } te lo pide.
logout-told = Has iniciado sesión en estas aplicaciones con este navegador. Se les avisará, y la mayoría también cerrará tu sesión:
logout-untold = Has iniciado sesión en estas aplicaciones con este navegador, y no se les puede avisar; cierra tú la sesión en ellas:
logout-connected = Las aplicaciones que has conectado conservan su acceso; puedes retirarlo en <authorizations>Aplicaciones autorizadas</authorizations>.
signed-out-title = Sesión cerrada
signed-out-heading = Has cerrado sesión
signed-out-lead = En { $brand }, en este navegador. Las aplicaciones que has conectado siguen conectadas hasta que les retires el acceso.
signed-out-told = A estas aplicaciones se les avisa, y la mayoría también cierra tu sesión:
signed-out-untold = A estas no se les puede avisar; quizá aún tengas la sesión iniciada en ellas:
signed-out-onward = Continuar en { $app }
signed-out-again = Iniciar sesión de nuevo
signed-out-frame = Avisa a una aplicación de que has cerrado sesión

# Iniciar sesión.
login-policies = Documentos propios de { $app }: { $links }, en una pestaña nueva
