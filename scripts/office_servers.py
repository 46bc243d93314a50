"""The mail server and the server with WHM that the back-office example talks to.

usage: office_servers.py COMMAND..., which is run with where they are, and where
the vault's database goes for the time of the run (--smtp, --whm, --whm-certificate, --vault), added.
"""
import json
import ssl
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

from smtp_server import certificate, free_port


class Servers:
    """Both servers, while the context lasts, and what they were told."""

    def __enter__(self):
        self.mails, self.raw_mails, self.calls = [], [], []
        self.directory = tempfile.TemporaryDirectory()
        self.place = place = Path(self.directory.name)
        context = certificate(place)
        self.smtp = Controller(self, hostname="127.0.0.1", port=free_port())
        self.smtp.start()
        self.whm = ThreadingHTTPServer(("127.0.0.1", 0), whm_handler(self.calls))
        self.whm.socket = context.wrap_socket(self.whm.socket, server_side=True)
        Thread(target=self.whm.serve_forever, daemon=True).start()
        self.arguments = ["--smtp", f"127.0.0.1:{self.smtp.port}", "--whm", f"127.0.0.1:{self.whm.server_port}",
                          "--whm-certificate", str(place / "cert.pem"), "--vault", str(place / "vault.db")]
        return self

    def __exit__(self, *_):
        self.smtp.stop()
        self.whm.shutdown()
        self.whm.server_close()
        self.directory.cleanup()

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.raw_mails.append(envelope.content)
        self.mails.append({"to": envelope.rcpt_tos, "subject": mail["subject"], "body": mail.get_content()})
        return "250 OK"


def whm_handler(calls):
    """WHM API 1 as documented, as far as `create_user_session` goes."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            calls.append({"path": asked.path, "query": query, "authorization": self.headers["Authorization"]})
            host = self.headers["Host"]
            answer = {"metadata": {"command": "create_user_session", "reason": "Created session", "result": 1,
                                   "version": 1},
                      "data": {"cp_security_token": "/cpsess4711", "expires": int(time.time()) + 900,
                               "service": query.get("service"), "session": f"{query.get('user')}:sso4711",
                               "url": f"https://{host}/cpsess4711/login/?session=sso4711"}}
            known = asked.path == "/json-api/create_user_session"
            body = json.dumps(answer if known else {"metadata": {"result": 0, "reason": "Unknown function"}}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def main():
    with Servers() as servers:
        done = subprocess.run([*sys.argv[1:], *servers.arguments])
        if done.returncode == 0 and "--json" not in sys.argv:
            print("\nThe mail server received:")
            for mail in servers.mails:
                print(f"  to {', '.join(mail['to'])}: {mail['subject']}")
        return done.returncode


if __name__ == "__main__":
    sys.exit(main())
