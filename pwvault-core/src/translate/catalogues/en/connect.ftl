### Signing in to servers.

# ConnectError
connect-refused = the server refused the credential; check user name and password or token
connect-not-allowed = the server does not allow this account to sign in to the service asked for
connect-unreachable = the server could not be reached; check its address, port and network
connect-untrusted = the server's certificate is not trusted; install a valid one, or pin the one it has
connect-timed-out = the server did not answer in time
connect-malformed = the server's answer is not accepted: { $problem }
connect-unsupported = { $field }: { $problem }
