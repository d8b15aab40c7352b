"""What Kamailio 5.6.3 sent and was sent over loopback: registrations with MD5 and SHA-256, refusals, pushes.

Phone 1001, password secret1001, realm cm.test; the pushes are challenged by the phone, realm everline.
"""

CHALLENGE_MD5 = (
    b"SIP/2.0 401 Unauthorized\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:47550;rport=47550;branch=z9hG4bK47550.1;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t47550\r\n"
    b"To: <sip:1001@cm.test>;tag=425e947aaf38d2db85c785f12ecc1d25-79958b05\r\n"
    b"Call-ID: c47550\r\n"
    b"CSeq: 1 REGISTER\r\n"
    b'WWW-Authenticate: Digest realm="cm.test", nonce="awM+fGsDPVCQufFBs7IY15hWi9JXAZ+dDqI2coA="'
    b', qop="auth"\r\n'
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
REGISTER_MD5 = (
    b"REGISTER sip:cm.test SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:47550;rport;branch=z9hG4bK47550.2\r\n"
    b"From: <sip:1001@cm.test>;tag=t47550\r\n"
    b"To: <sip:1001@cm.test>\r\n"
    b"Call-ID: c47550\r\n"
    b"CSeq: 2 REGISTER\r\n"
    b"Contact: <sip:1001@127.0.0.1:47550>\r\n"
    b"Expires: 120\r\n"
    b'Authorization: Digest username="1001", realm="cm.test", nonce="awM+fGsDPVCQufFBs7IY15hWi9J'
    b'XAZ+dDqI2coA=", uri="sip:cm.test", response="a1830104aa896c49f485cc983f552b6e", qop=auth, '
    b'nc=00000001, cnonce="00000002"\r\n'
    b"Max-Forwards: 70\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
OK_MD5 = (
    b"SIP/2.0 200 OK\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:47550;rport=47550;branch=z9hG4bK47550.2;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t47550\r\n"
    b"To: <sip:1001@cm.test>;tag=425e947aaf38d2db85c785f12ecc1d25-c0b68b05\r\n"
    b"Call-ID: c47550\r\n"
    b"CSeq: 2 REGISTER\r\n"
    b'Authentication-Info: nextnonce="awM+fGsDPVCQufFBs7IY15hWi9JXAZ+dDqI2coA=", qop=auth, rspau'
    b'th="c154fd6d4bd3fef3b319991207254725", cnonce="00000002", nc=00000001\r\n'
    b"Call-Info: <https://svc-b.example.net/menu>;purpose=backup-service;q=0.9;service=menu, <ht"
    b"tps://svc-c.example.net/menu>;purpose=backup-service;q=0.5\r\n"
    b"Contact: <sip:1001@127.0.0.1:47550>;expires=120\r\n"
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
CHALLENGE_SHA = (
    b"SIP/2.0 401 Unauthorized\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:35420;rport=35420;branch=z9hG4bK35420.1;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t35420\r\n"
    b"To: <sip:1001@cm.test>;tag=eceee88795886c9e73cee1ff5224d867-3e17f04e\r\n"
    b"Call-ID: c35420\r\n"
    b"CSeq: 1 REGISTER\r\n"
    b'WWW-Authenticate: Digest realm="cm.test", nonce="awM+hGsDPVhiubjg6Os6b9bZmKWD1DwNXjqSDIA="'
    b', qop="auth", algorithm=SHA-256\r\n'
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
REGISTER_SHA = (
    b"REGISTER sip:cm.test SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:35420;rport;branch=z9hG4bK35420.2\r\n"
    b"From: <sip:1001@cm.test>;tag=t35420\r\n"
    b"To: <sip:1001@cm.test>\r\n"
    b"Call-ID: c35420\r\n"
    b"CSeq: 2 REGISTER\r\n"
    b"Contact: <sip:1001@127.0.0.1:35420>\r\n"
    b"Expires: 120\r\n"
    b'Authorization: Digest username="1001", realm="cm.test", nonce="awM+hGsDPVhiubjg6Os6b9bZmKW'
    b'D1DwNXjqSDIA=", uri="sip:cm.test", response="c5add4382fbf11f07386dd0e2dcb78e0e2e5b6520bc25'
    b'9df268d5562e999a8fd", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="00000002"\r\n'
    b"Max-Forwards: 70\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
OK_SHA = (
    b"SIP/2.0 200 OK\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:35420;rport=35420;branch=z9hG4bK35420.2;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t35420\r\n"
    b"To: <sip:1001@cm.test>;tag=eceee88795886c9e73cee1ff5224d867-8734f04e\r\n"
    b"Call-ID: c35420\r\n"
    b"CSeq: 2 REGISTER\r\n"
    b'Authentication-Info: nextnonce="awM+hGsDPVhiubjg6Os6b9bZmKWD1DwNXjqSDIA=", qop=auth, rspau'
    b'th="4c941b844bdd7c32e23c65501d2dd2406161a975c716114cd410c31545393414", cnonce="00000002", '
    b"nc=00000001\r\n"
    b"Call-Info: <https://svc-b.example.net/menu>;purpose=backup-service;q=0.9;service=menu, <ht"
    b"tps://svc-c.example.net/menu>;purpose=backup-service;q=0.5\r\n"
    b"Contact: <sip:1001@127.0.0.1:35420>;expires=120\r\n"
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
OK_OPTIONS = (
    b"SIP/2.0 200 OK\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:47550;rport=47550;branch=z9hG4bK47550.4;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t47550\r\n"
    b"To: <sip:1001@cm.test>;tag=4ca80e37d99f96ba386fdfa92c897d3f.a3e08b05\r\n"
    b"Call-ID: c47550\r\n"
    b"CSeq: 4 OPTIONS\r\n"
    b"Accept: application/sdp\r\n"
    b"Allow: REGISTER, OPTIONS, NOTIFY, MESSAGE\r\n"
    b"Call-Info: <https://svc-b.example.net/menu>;purpose=backup-service;q=0.9;service=menu, <ht"
    b"tps://svc-c.example.net/menu>;purpose=backup-service;q=0.5\r\n"
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
STALE = (
    b"SIP/2.0 401 Unauthorized\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:47550;rport=47550;branch=z9hG4bK47550.257;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t47550\r\n"
    b"To: <sip:1001@cm.test>;tag=425e947aaf38d2db85c785f12ecc1d25-416f8b05\r\n"
    b"Call-ID: c47550\r\n"
    b"CSeq: 257 REGISTER\r\n"
    b'WWW-Authenticate: Digest realm="cm.test", nonce="awM+fGsDPVCNe/tY1QSjeqtsZ+b/bK2VDqI3c4A="'
    b', qop="auth", stale=true\r\n'
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
TOO_BRIEF = (
    b"SIP/2.0 423 Interval Too Brief\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:47550;rport=47550;branch=z9hG4bK47550.6;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t47550\r\n"
    b"To: <sip:1001@cm.test>;tag=425e947aaf38d2db85c785f12ecc1d25-82d28b05\r\n"
    b"Call-ID: c47550\r\n"
    b"CSeq: 6 REGISTER\r\n"
    b'Authentication-Info: nextnonce="awM+fGsDPVCQufFBs7IY15hWi9JXAZ+dDqI2coA=", qop=auth, rspau'
    b'th="635978242f0a4938301851e73598bbff", cnonce="00000006", nc=00000005\r\n'
    b"Call-Info: <https://svc-b.example.net/menu>;purpose=backup-service;q=0.9;service=menu, <ht"
    b"tps://svc-c.example.net/menu>;purpose=backup-service;q=0.5\r\n"
    b"Contact: <sip:1001@127.0.0.1:47550>;expires=120\r\n"
    b"Min-Expires: 2\r\n"
    b"P-Registrar-Error: Interval too brief\r\n"
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
UNAVAILABLE = (
    b"SIP/2.0 503 Service Unavailable\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:47550;rport=47550;branch=z9hG4bK47550.269;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t47550\r\n"
    b"To: <sip:1001@cm.test>;tag=4ca80e37d99f96ba386fdfa92c897d3f.20538b05\r\n"
    b"Call-ID: c47550\r\n"
    b"CSeq: 269 OPTIONS\r\n"
    b"Retry-After: 7\r\n"
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
MOVED = (
    b"SIP/2.0 302 Moved Temporarily\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:47550;rport=47550;branch=z9hG4bK47550.270;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=t47550\r\n"
    b"To: <sip:1001@cm.test>;tag=4ca80e37d99f96ba386fdfa92c897d3f.b11b8b05\r\n"
    b"Call-ID: c47550\r\n"
    b"CSeq: 270 REGISTER\r\n"
    b"Contact: <sip:127.0.0.3:5060>\r\n"
    b"Server: kamailio-test-cm\r\n"
    b"Content-Length: 0\r\n"
    b"\r\n"
)
PUSH = (
    b"NOTIFY sip:1001@127.0.0.1:47550 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:46632;branch=z9hG4bKa3bb.1447e481000000000000000000000000.0\r\n"
    b"To: <sip:1001@cm.test>\r\n"
    b"From: <sip:cm.test>;tag=1f9de1fa890166811a4753dc7ad2c1e0-9f7d7e62\r\n"
    b"CSeq: 10 NOTIFY\r\n"
    b"Call-ID: 1840050030efbcb7-29408@127.0.0.1\r\n"
    b"Max-Forwards: 70\r\n"
    b"Content-Length: 47\r\n"
    b"User-Agent: kamailio-test-cm\r\n"
    b"Event: backup-pointers\r\n"
    b"Subscription-State: active\r\n"
    b"Contact: <sip:127.0.0.1:46632>\r\n"
    b"Content-Type: message/sipfrag\r\n"
    b"\r\n"
    b"Call-Info: <http://b/>;purpose=backup-service\r\n"
)
PUSH_SIGNED = (
    b"NOTIFY sip:1001@127.0.0.1:47550 SIP/2.0\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:46632;branch=z9hG4bKb3bb.963b5992000000000000000000000000.0\r\n"
    b"To: <sip:1001@cm.test>\r\n"
    b"From: <sip:cm.test>;tag=1f9de1fa890166811a4753dc7ad2c1e0-9f7d7e62\r\n"
    b"CSeq: 11 NOTIFY\r\n"
    b"Call-ID: 1840050030efbcb7-29408@127.0.0.1\r\n"
    b"Max-Forwards: 70\r\n"
    b"Content-Length: 47\r\n"
    b"User-Agent: kamailio-test-cm\r\n"
    b"Event: backup-pointers\r\n"
    b"Subscription-State: active\r\n"
    b"Contact: <sip:127.0.0.1:46632>\r\n"
    b"Content-Type: message/sipfrag\r\n"
    b'Authorization: Digest username="1001", realm="everline", nonce="29e7d8dfab07a7784c4705ca83'
    b'3ab3dd", uri="sip:1001@127.0.0.1:47550", qop=auth, nc=00000001, cnonce="2390866980", respo'
    b'nse="9c828dc1499cbce6b66cd453a52c5d38", algorithm=MD5\r\n'
    b"\r\n"
    b"Call-Info: <http://b/>;purpose=backup-service\r\n"
)

SEEN = (
    CHALLENGE_MD5,
    REGISTER_MD5,
    OK_MD5,
    CHALLENGE_SHA,
    REGISTER_SHA,
    OK_SHA,
    OK_OPTIONS,
    STALE,
    TOO_BRIEF,
    UNAVAILABLE,
    MOVED,
    PUSH,
    PUSH_SIGNED,
)
