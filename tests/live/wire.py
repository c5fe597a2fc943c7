"""What happens on the wire: the other end of the live tests, run inside their namespaces.

    wire.py send                     reads orders, "INTERFACE HEX" sends a frame; each "mark" is answered "done"
    wire.py flood INTERFACE HEX      the same frame as fast as it goes, until ended
    wire.py serve IP PORT            a TCP server: one question, one answer, closes when the client has closed
    wire.py ask IP PORT              its client, the one who closes first
    wire.py listen IP PORT BACKLOG   listens, and accepts nobody until told to on standard input; then reads slowly
    wire.py talk IP PORT ORDER...    a client that does one thing after the other: send=BYTES, flood=SECONDS (as much as
                                     fits), wait=SECONDS, half (closes its direction), reset, close; says "done", and stays
                                     until standard input ends
    wire.py swallow IP PORT          a TCP server that reads one connection to its end
    wire.py pour IP PORT BYTES       its client, which sends that much
    wire.py datagrams IP PORT...     a UDP socket for each port, one datagram from each, 20 ms apart; stays as talk does
    wire.py hear PORT                a UDP server for both versions of IP; says what it hears, once
"""
import socket
import struct
import sys
import time


def link(interface):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    wire.bind((interface, 0))
    return wire


def send():
    links = {}
    for order in sys.stdin:
        if order == "mark\n":
            print("done", flush=True)
            continue
        interface, frame = order.split()
        if interface not in links:
            links[interface] = link(interface)
        links[interface].send(bytes.fromhex(frame))


def flood(interface, frame):
    wire, frame = link(interface), bytes.fromhex(frame)
    print("ready", flush=True)
    while True:
        try:
            wire.send(frame)
        except OSError:  # The queue is full: that is the point.
            time.sleep(0.001)


def serve(ip, port):
    with socket.create_server((ip, int(port))) as server:
        print("ready", flush=True)
        client, _ = server.accept()
        with client:
            assert client.recv(100) == b"question"
            client.sendall(b"answers")
            assert client.recv(100) == b""
            # Late enough for the kernel to acknowledge the client's FIN on its own, so that four frames close.
            time.sleep(0.3)


def ask(ip, port):
    with socket.create_connection((ip, int(port))) as server:
        server.sendall(b"question")
        assert server.recv(100) == b"answers"
        # So that the answer's acknowledgement does not ride on the FIN, and whoever looks for the program finds it.
        time.sleep(1)
        server.shutdown(socket.SHUT_WR)
        assert server.recv(100) == b""


def listen(ip, port, backlog):
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.bind((ip, int(port)))
        server.listen(int(backlog))
        print("ready", flush=True)
        sys.stdin.readline()
        client, _ = server.accept()
        with client:
            while client.recv(65536):
                pass
            sys.stdin.read()


def talk(ip, port, *orders):
    server = socket.socket()
    try:
        server.settimeout(2.5)
        server.connect((ip, int(port)))
    except OSError as error:
        print(type(error).__name__, flush=True)
        return
    for order in orders:
        what, _, much = order.partition("=")
        if what == "send":
            server.sendall(b"x" * int(much))
        elif what == "flood":
            server.settimeout(float(much))
            try:
                while True:
                    server.send(b"x" * 65536)
            except OSError:
                pass
        elif what == "wait":
            time.sleep(float(much))
        elif what == "half":
            server.shutdown(socket.SHUT_WR)
        elif what == "reset":
            server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            server.close()
        elif what == "close":
            server.close()
    print("done", flush=True)
    sys.stdin.read()


def swallow(ip, port):
    with socket.create_server((ip, int(port))) as server:
        print("ready", flush=True)
        client, _ = server.accept()
        with client:
            while client.recv(1 << 20):
                pass


def pour(ip, port, count):
    with socket.create_connection((ip, int(port))) as server:
        server.sendall(bytes(int(count)))


def datagrams(ip, *ports):
    kept = []
    for port in ports:
        kept.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        kept[-1].connect((ip, int(port)))
        kept[-1].send(b"x")
        time.sleep(0.02)
    print("done", flush=True)
    sys.stdin.read()


def hear(port):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        server.bind(("::", int(port)))
        print("ready", flush=True)
        print(server.recv(100).decode(), flush=True)
        sys.stdin.read()


VERBS = {
    "send": send, "flood": flood, "serve": serve, "ask": ask, "swallow": swallow, "pour": pour, "listen": listen, "talk": talk,
    "datagrams": datagrams, "hear": hear,
}
VERBS[sys.argv[1]](*sys.argv[2:])
