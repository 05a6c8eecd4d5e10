"""A mail server (aiosmtpd) that keeps nothing: one line of JSON for each mail it takes.

Its argument is JSON: `tls` (implicit, starttls or off), `certificate` and `key` files, `user`
and `password`, `plan`: what to answer to the first mails ("451 …", "550 …", or "wait": say
nothing for as long as the client waits). The first line it prints is its port.
"""

import asyncio, email, email.policy, json, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

options = json.loads(sys.argv[1])


def say(it):
    print(json.dumps(it), flush=True)


class Handler:
    def __init__(self):
        self.plan = list(options.get("plan", []))

    async def handle_DATA(self, server, session, envelope):
        answer = self.plan.pop(0) if self.plan else "250 taken"
        if answer == "wait":
            say({"answer": answer})
            await asyncio.sleep(3600)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: mail.get_body([kind])
        text = lambda kind: part(kind).get_content() if part(kind) else None
        say({
            "answer": answer,
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": {name: str(value) for name, value in mail.items()},
            "type": mail.get_content_type(),
            "text": text("plain"),
            "html": text("html"),
            "defects": [str(it) for it in mail.defects],
            "tls": session.ssl is not None
            or server.transport.get_extra_info("sslcontext") is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
        })
        return answer


def check(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (
        data.login.decode(), data.password.decode()) == (options["user"], options["password"])
    return AuthResult(success=right, handled=False, auth_data=data if right else None)


def context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options["certificate"], options["key"])
    return context


async def main():
    tls = options.get("tls", "off")
    handler, arguments = Handler(), {}
    if options.get("user"):
        arguments = dict(authenticator=check, auth_required=True, auth_require_tls=tls == "starttls")
    if tls == "starttls":
        arguments.update(tls_context=context(), require_starttls=True)
    around = context() if tls == "implicit" else None
    factory = lambda: SMTP(handler, hostname="sink.example", **arguments)
    server = await asyncio.get_running_loop().create_server(
        factory, "127.0.0.1", options.get("port", 0), ssl=around)
    say(server.sockets[0].getsockname()[1])
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
