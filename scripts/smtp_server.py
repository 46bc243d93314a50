"""A mail server for the tests of the SMTP notifier. Usage: smtp_server.py DIRECTORY COMMAND...

Starts aiosmtpd on free ports of this machine (plain, with STARTTLS and sign-in, with TLS from the first
byte) and one port that never answers, then runs the command with PWV_SMTP naming DIRECTORY, where
`server.json` tells the ports. Each mail that arrives is read by Python's mail library and written to
DIRECTORY/<user>.json.
"""
import email
import email.policy
import json
import os
import socket
import ssl
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

ANSWERS = {"refused": "550 5.1.1 <refused@example.com> no such user", "later": "451 4.3.0 try later",
           "full": "452 4.2.2 mailbox full"}


class Mailbox:
    def __init__(self, directory):
        self.directory = directory

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        user = address.partition("@")[0]
        if user in ANSWERS:
            return ANSWERS[user]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        user = envelope.rcpt_tos[0].partition("@")[0]
        if user == "spam":
            return "554 5.7.1 not wanted"
        facts = {
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "hello": session.host_name,
            "tls": server.transport.get_extra_info("ssl_object") is not None, "headers": [[name.lower(), str(value)] for name, value in mail.items()],
            "body": mail.get_content(), "longest_line": max(map(len, envelope.content.split(b"\r\n"))),
            "ascii": envelope.content.isascii(),
        }
        (self.directory / f"{user}.json").write_text(json.dumps(facts))
        return "250 OK"


def certificate(directory):
    """A certificate for localhost that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(timezone.utc)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1)).add_extension(names, critical=False)
            .sign(key, hashes.SHA256()))
    pem = made.public_bytes(serialization.Encoding.PEM)
    key_pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                serialization.NoEncryption())
    (directory / "cert.pem").write_bytes(pem)
    (directory / "key.pem").write_bytes(key_pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "cert.pem", directory / "key.pem")
    return context


def sign_in(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"panel", b"mail secret"), handled=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    context, handler = certificate(directory), Mailbox(directory)
    servers = {
        "plain": Controller(handler, hostname="127.0.0.1", port=free_port()),
        "starttls": Controller(handler, hostname="127.0.0.1", port=free_port(), tls_context=context,
                               require_starttls=True, authenticator=sign_in, auth_required=True),
        "tls": Controller(handler, hostname="127.0.0.1", port=free_port(), ssl_context=context),
    }
    for server in servers.values():
        server.start()
    silent = socket.create_server(("127.0.0.1", 0))
    ports = {name: server.port for name, server in servers.items()}
    ports |= {"silent": silent.getsockname()[1], "closed": free_port()}
    (directory / "server.json").write_text(json.dumps(ports))
    try:
        return subprocess.run(sys.argv[2:], env=os.environ | {"PWV_SMTP": str(directory)}).returncode
    finally:
        for server in servers.values():
            server.stop()
        silent.close()


if __name__ == "__main__":
    sys.exit(main())
