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

time-date = { $day } { $month } { $year }
time-exact = { $day } { $month } { $year }, { $clock } UTC
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
time-soon = en un momento
time-now = ahora mismo
time-in-minutes = { $n ->
    [one] en { $n } minuto
   *[other] en { $n } minutos
}
time-in-hours = { $n ->
    [one] en { $n } hora
   *[other] en { $n } horas
}
time-in-days = { $n ->
    [one] en { $n } día
   *[other] en { $n } días
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
policy-and-terms = <policy>política de privacidad</policy> ({ $policy-host }) y <terms>condiciones de uso</terms> ({ $terms-host })
policy-only = <policy>política de privacidad</policy> ({ $policy-host })
terms-only = <terms>condiciones de uso</terms> ({ $terms-host })

error-not-found = Esa página no está aquí
error-forbidden = Esto no es posible
error-too-many = Demasiados intentos
error-unavailable = Ahora mismo no
error-server = Algo ha fallado
error-request = No se puede responder a esta petición
error-number = Si pides ayuda, da este número: { $id }
failure-throttled = Demasiados intentos; espera un momento y vuelve a intentarlo.
failure-storage = El servicio no puede leer ni escribir sus datos en este momento; vuelve a intentarlo enseguida.
failure-busy = El servicio está ocupado; vuelve a intentarlo enseguida.
failure-defect = Algo ha fallado por nuestra parte; ha quedado registrado.
failure-not-found = Aquí no hay nada, o no es tuyo.
failure-method = Esta dirección es para otro tipo de petición.
failure-changed = Otra persona lo ha cambiado entretanto, así que no se ha guardado nada. Vuelve a cargarlo y repite tu cambio.
failure-session-ended = Tu sesión se cerró antes de que esto se hiciera, así que no ha cambiado nada. Inicia sesión y hazlo de nuevo.
failure-form-expired = Este formulario es demasiado antiguo o se abrió en otra sesión; vuelve atrás, recarga la página y envíalo otra vez.
failure-cross-site = Este formulario se envió desde otro sitio.

scope-default = Hacer en { $brand } todo lo que tú puedes hacer por su API
scope-openid = Saber que eres tú quien inicia sesión
scope-email = Ver tu dirección de correo
scope-profile = Ver tu nombre, tu foto y tu perfil
scope-address = Ver tu dirección postal
scope-phone = Ver tu número de teléfono
scope-offline = Conservar su acceso después de que cierres sesión aquí
scope-scim = Crear, cambiar y eliminar cuentas de otras personas (SCIM)
scope-admin = Administrar { $brand } hasta donde llega tu rol: usuarios, aplicaciones, tokens, claves
scope-admin-read = Ver lo que los administradores de { $brand } ven de todos los usuarios y aplicaciones

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
