# Lo que todas las páginas comparten.

skip-to-content = Ir al contenido
menu-label = Menú principal
menu-authorizations = Aplicaciones autorizadas
menu-tokens = Tokens
menu-apps = Desarrollo
menu-account = Cuenta
menu-admin = Administración
menu-sign-in = Iniciar sesión
menu-sign-out = Cerrar sesión
foot-docs = Referencia de la API
your-account = Tu cuenta:
cancel = Cancelar
to-start-page = Ir a la página de inicio
done-already = Eso ya estaba hecho, quizá en otra pestaña. No ha cambiado nada más.

time-date = { $day } { $month } { $year }
time-exact = { $day } { $month } { $year }, { $clock } UTC
month-1 = ene
month-2 = feb
month-3 = mar
month-4 = abr
month-5 = may
month-6 = jun
month-7 = jul
month-8 = ago
month-9 = sept
month-10 = oct
month-11 = nov
month-12 = dic
time-soon = dentro de un momento
time-now = ahora mismo
time-in-minutes = { $n ->
    [one] dentro de { $n } minuto
   *[other] dentro de { $n } minutos
}
time-in-hours = { $n ->
    [one] dentro de { $n } hora
   *[other] dentro de { $n } horas
}
time-in-days = { $n ->
    [one] dentro de { $n } día
   *[other] dentro de { $n } días
}
time-minutes-ago = { $n ->
    [one] hace { $n } minuto
   *[other] hace { $n } minutos
}
time-hours-ago = { $n ->
    [one] hace { $n } hora
   *[other] hace { $n } horas
}
time-days-ago = { $n ->
    [one] hace { $n } día
   *[other] hace { $n } días
}

device-both = { $browser } en { $system }
device-system = Un navegador en { $system }
device-unknown = Un dispositivo desconocido

list-two = { $first } y { $last }
list-more = { $first }, { $rest }

app-by = de { $owner }
app-registered-itself = se registró a sí misma el { $date }
tag-verified = Verificada
tag-unverified = Sin verificar
tag-suspended = Suspendida
tag-resource-server = Servidor de recursos
policy-and-terms = <policy>política de privacidad</policy> ({ $policy-host }) y <terms>condiciones de uso</terms> ({ $terms-host })
policy-only = <policy>política de privacidad</policy> ({ $policy-host })
terms-only = <terms>condiciones de uso</terms> ({ $terms-host })

error-not-found = Esa página no existe aquí
error-forbidden = Esto no es posible
error-too-many = Demasiados intentos
error-unavailable = No disponible ahora mismo
error-server = Se ha producido un error
error-request = No se puede responder a esta petición
error-number = Si pides ayuda, da este número: { $id }
failure-throttled = Demasiados intentos; vuelve a intentarlo { $when }.
failure-storage = El servicio no puede leer ni escribir sus datos en este momento; vuelve a intentarlo enseguida.
failure-busy = El servicio está ocupado; vuelve a intentarlo enseguida.
failure-defect = Se ha producido un error por nuestra parte; ha quedado registrado.
failure-not-found = Aquí no hay nada, o no es tuyo.
failure-method = Esta dirección es para otro tipo de petición.
failure-changed = Otra persona lo ha cambiado entretanto, así que no se ha guardado nada. Vuelve a cargarlo y repite tu cambio.
failure-session-ended = Tu sesión se cerró antes de que esto se hiciera, así que no ha cambiado nada. Inicia sesión y hazlo de nuevo.
failure-form-expired = Este formulario es demasiado antiguo o se abrió en otra sesión; vuelve atrás, recarga la página y envíalo otra vez.
failure-form-used = Este formulario ya se había enviado, así que no se ha creado nada por segunda vez. Un secreto se muestra solo una vez: si no lo tienes, crea uno nuevo.
failure-no-cookies = Tu navegador no ha enviado ninguna cookie con este formulario, y sin ellas nadie puede iniciar sesión aquí. Permite las cookies de este sitio, recarga la página y envía el formulario otra vez.
failure-cross-site = Este formulario se envió desde otro sitio.

scope-default = Hacer en { $brand } todo lo que tú puedes hacer por su API
scope-openid = Saber que eres tú quien inicia sesión
scope-email = Ver tu dirección de correo
scope-profile = Ver tu nombre, tu foto y tu perfil
scope-address = Ver tu dirección postal
scope-phone = Ver tu número de teléfono
scope-offline = Conservar su acceso después de que cierres sesión aquí
scope-scim = Crear, modificar y eliminar cuentas de otras personas (SCIM)
scope-admin = Administrar { $brand } hasta donde llega tu rol: usuarios, aplicaciones, tokens, claves
scope-admin-read = Ver lo que los administradores de { $brand } ven de todos los usuarios y aplicaciones

# Where an address is.
place-city = { $city }, { $country }
# Lo que está mal en lo escrito.
wrong-text-empty = Este campo está vacío.
wrong-text-long = Tiene más de { $max } caracteres.
wrong-text-character = Contiene el carácter invisible o no asignado { $code }; quítalo.
wrong-text-marks = Hay demasiados acentos seguidos.
wrong-text-letter = Hace falta al menos una letra o un número.
wrong-name-platform = Este nombre se parece al de la plataforma; elige uno que diga quién eres.
wrong-email-empty = Falta la dirección de correo.
wrong-email-long = La dirección de correo tiene más de { $max } caracteres.
wrong-email-at = Una dirección de correo tiene exactamente una @.
wrong-email-local = Antes de la @ puede haber letras, cifras, puntos sueltos y signos comunes, { $max } como máximo.
wrong-email-domain = Después de la @ no hay un dominio como example.com.
wrong-url-empty = Escribe la dirección del sitio web, por ejemplo https://app.example.
wrong-url-long = La dirección tiene como máximo { $max } caracteres.
wrong-url-character = La dirección contiene un espacio, una barra invertida o un carácter de control.
wrong-url-scheme = La dirección empieza por https:// o http://.
wrong-url-user = Quita el nombre de usuario o la contraseña delante de la @.
wrong-url-invalid = La dirección no es una URL válida.
wrong-password-empty = Escribe una contraseña.
wrong-password-short = Usa al menos { $min } caracteres.
wrong-password-long = Usa como máximo { $max } caracteres.
wrong-password-keyboard = Esta contraseña es fácil de adivinar: sigue el teclado. Usa unas cuantas palabras que no tengan nada que ver entre sí.
wrong-password-repeats = Esta contraseña es fácil de adivinar: se repite. Usa unas cuantas palabras que no tengan nada que ver entre sí.
wrong-password-common = Esta contraseña es de las más comunes, y esas se prueban primero. Usa unas cuantas palabras que no tengan nada que ver entre sí.
wrong-password-similar = Esta contraseña se parece demasiado a una común. Usa unas cuantas palabras que no tengan nada que ver entre sí.
wrong-password-sequence = Esta contraseña es fácil de adivinar: tiene una secuencia como abc o 321. Usa unas cuantas palabras que no tengan nada que ver entre sí.
wrong-password-date = Esta contraseña es fácil de adivinar: es poco más que una fecha. Usa unas cuantas palabras que no tengan nada que ver entre sí.
wrong-password-word = Esta contraseña es fácil de adivinar: es una sola palabra. Añade dos o tres más.
wrong-password-names = Esta contraseña es fácil de adivinar: está hecha de nombres. Usa unas cuantas palabras que no tengan nada que ver entre sí.
wrong-password-guessable = Esta contraseña es fácil de adivinar. Hazla más larga: bastan dos o tres palabras más.
wrong-password-about = Esta contraseña es fácil de adivinar: contiene tu nombre, tu dirección o el nombre de este servicio. Usa unas cuantas palabras que no tengan nada que ver entre sí.
wrong-password-breached = Esta contraseña está en listas robadas en otros sitios, y esas se prueban primero. Usa otra.
wrong-picture-empty = Elige un archivo.
wrong-picture-large = El archivo ocupa más de 1 MB. Elige uno más pequeño.
wrong-picture-format = Solo se pueden usar imágenes PNG, JPEG y WebP.
wrong-picture-small = La imagen mide menos de { $side } × { $side } píxeles. Elige una más grande.
wrong-picture-big = La imagen tiene más de un millón de píxeles. 1024 × 1024 es el máximo.
wrong-picture-damaged = La imagen está dañada o incompleta. Guárdala otra vez y elige el archivo nuevo.
wrong-picture-busy = Ahora mismo se están procesando demasiadas imágenes. Vuelve a intentarlo en un minuto.

# Lo que comparten varias páginas.
copy = Copiar
copy-what = Copiar { $what }
copy-done = Copiado
copy-by-hand = Selecciónalo y cópialo a mano
passkey-trouble = No se ha usado ninguna llave de acceso. Inténtalo otra vez o usa otro método.
passkey-no-script = Las llaves de acceso necesitan JavaScript, que aquí está desactivado.
code-scan = Escanea esta imagen con tu aplicación de autenticación.
code-picture = El secreto como imagen (código QR); debajo está también como texto
code-same-device = ¿En este dispositivo? <open>Ábrelo en la aplicación</open>. O escribe el secreto:
code-type = Escribe los seis dígitos que muestra la aplicación.
code-label = Código
# Below pages and mails: the platform's own words about itself.
foot-privacy = Política de privacidad
foot-terms = Condiciones de uso
foot-legal-notice = Aviso legal
foot-support = Ayuda
