# Tokens de acceso personales.
tokens-title = Tokens
tokens-heading = Tokens de acceso personales
tokens-lead = Para tus propios scripts y la línea de comandos. Un token actúa como tú: trátalo como tu contraseña.
tokens-fresh = Tu nuevo token: { $description }
tokens-fresh-once = Cópialo ahora. Se muestra solo esta vez; nosotros guardamos únicamente su huella.
tokens-the-token = el token
tokens-fresh-use = Guárdalo en una variable de entorno y no en el programa, y pruébalo:
tokens-first-call = Una primera llamada
tokens-none = Aún no hay tokens
tokens-none-why = Crea uno para un script, una tarea programada o una primera prueba de la API. Para un programa que usan otras personas, <app>registra una aplicación</app>.
tokens-yours = Tus tokens
tokens-count = { $n } de { $limit }
tokens-end-all = Revocar todos…
tokens-made = Creado el { $date }
tokens-expired = Caducado ({ $when })
tokens-expires = caducidad: { $when }
tokens-never-expires = No caduca nunca
tokens-used = último uso: { $when }, desde { $address }
tokens-unused = nunca usado
tokens-end = Revocar<unseen> { $description }</unseen>
tokens-full = Tienes { $n } tokens, y el límite es { $limit }. Revoca uno que ya no necesites para crear otro.
tokens-new = Nuevo token
tokens-what-for = ¿Para qué es?
tokens-what-for-hint = Para que lo reconozcas dentro de un año.
tokens-may = ¿Qué puede hacer?
tokens-expires-after = Caduca después de
tokens-days = { $n ->
    [one] { $n } día
   *[other] { $n } días
}
tokens-never = Nunca
tokens-make = Crear token
tokens-choose-scope = Elige qué puede hacer el token.
tokens-limit = Tienes { $n } tokens, el máximo posible. Revoca uno que ya no necesites.
tokens-done-one = El token se ha revocado. Ya nada puede usarlo.
tokens-done-all = Todos tus tokens se han revocado. Ya nada puede usarlos.

# Lo que un token dice de sí mismo.
inspect-title = Examinar un token
inspect-lead = De qué tipo es, qué puede hacer y hasta cuándo.
inspect-access = Token de acceso
inspect-refresh = Token de actualización
inspect-personal = Token de acceso personal
inspect-active = Activo
inspect-app = Aplicación
inspect-scopes = Ámbitos
inspect-issued = Emitido
inspect-expires = Caduca
inspect-never = nunca, mientras se use
inspect-ends-with = Termina con
inspect-with-session = la sesión del usuario: procede de un simple inicio de sesión y deja de funcionar cuando el usuario cierra sesión aquí
inspect-not-active = No es un token activo
inspect-inactive = Inactivo
inspect-inactive-why = Puede haber caducado o estar revocado, mal escrito o ser de otro sitio.
inspect-token = Token
inspect-another = Otro token
inspect-hint = Un token de acceso, de actualización o de acceso personal. No se guarda ni se registra.
inspect-submit = Examinar
inspect-back = Volver a las aplicaciones
