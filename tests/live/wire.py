"""What happens on the wire: the other end of the live tests, run inside their namespaces.

    wire.py send                     reads orders, "INTERFACE HEX" sends a frame; each "mark" is answered "done"
    wire.py flood INTERFACE HEX      the same frame as fast as it goes, until ended
    wire.py serve IP PORT            a TCP server: one question, one answer, closes when the client has closed
    wire.py ask IP PORT              its client, the one who closes first
    wire.py swallow IP PORT          a TCP server that reads one connection to its end
    wire.py pour IP PORT BYTES       its client, which sends that much
"""
import socket
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
        # So that the answer's acknowledgement does not ride on the FIN.
        time.sleep(0.3)
        server.shutdown(socket.SHUT_WR)
        assert server.recv(100) == b""


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


{"send": send, "swallow": swallow, "pour": pour, "flood": flood, "serve": serve, "ask": ask}[sys.argv[1]](*sys.argv[2:])
