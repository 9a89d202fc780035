#!/usr/bin/python3
"""A switch made of software between network namespaces, for wire.ts: what the air and a router do to frames.

Arguments: NAME=NAMESPACE for each end. In each namespace a TAP interface eth0 appears; this process carries
Ethernet frames between them, by rules for each ordered pair "FROM>TO". Python, because Node cannot open a TAP.

Standard input: one JSON command a line.
  {"id", "do": "rules", "pairs": {"core>edge": RULE}}   replaces the rules of these pairs; {} is a clean wire
  {"id", "do": "counts"}                                frames and IP bytes that went through since the start
  {"id", "do": "replay", "pair", "port", "last", "flip"}   sends the last UDP frames to that port once more,
                                                        with "flip" each with its last bit turned
  {"id", "do": "reset", "port"}                         sends a RST into both ends of each TCP connection to it
RULE, all optional: "blackhole": bool, "delayMs", "jitterMs" (mean of an exponential, added), "spreadMs"
  (uniform, plus or minus), "loss" (0..1), "bursts": {"toBad", "toGood", "loss"} (Gilbert-Elliott, by frame),
  "outages": {"goodMs", "badMs", "loss"} (the same by time, means of exponentials),
  "offChannel": {"periodMs", "holdMs"} (the radio is elsewhere: frames wait for its return).
Standard output: {"event": "up"}, then {"id", "at", ...} for each command once it holds; "at" is CLOCK_MONOTONIC
in milliseconds, the clock of Node's process.hrtime. {"id", "error"} for a command that is none.
The end of standard input ends it, and with it the interfaces.
"""

import ctypes
import fcntl
import heapq
import json
import os
import select
import socket
import struct
import sys

from wire_rules import TCP, Pair, checked, ip_of, now_ms

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
CLONE_NEWNET = 0x40000000
FRAME_BYTES = 2048
# What may wait, be remembered or be said at once: nothing here grows without end.
MAX_WAITING, MAX_FLOWS, MAX_LINE_BYTES = 20_000, 1024, 65_536
BROADCAST_BIT = 0x01
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10


def tell(**facts):
    print(json.dumps(facts), flush=True)


def open_tap(namespace, mac):
    """A TAP eth0 in the namespace; this process itself stays in the last one that it visited."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = os.open("/var/run/netns/" + namespace, os.O_RDONLY)
    if libc.setns(place, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns " + namespace)
    os.close(place)
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", b"eth0", IFF_TAP | IFF_NO_PI))
    # SIOCSIFHWADDR
    with_mac = struct.pack("16sH6s16x", b"eth0", 1, mac)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket.fileno(), 0x8924, with_mac)
    return tap


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Wire:
    def __init__(self, ends):
        self.ends = {
            name: open_tap(namespace, bytes([2, 0, 0, 0, 0, 10 + index]))
            for index, (name, namespace) in enumerate(ends)
        }
        self.pairs = {
            (a, b): Pair(self.ends[b]) for a in self.ends for b in self.ends if a != b
        }
        self.where = {}
        self.waiting = []
        self.number = 0
        self.flows = {}

    def take(self, sender, frame):
        self.where[frame[6:12]] = sender
        known = None if frame[0] & BROADCAST_BIT else self.where.get(frame[0:6])
        for (a, b), pair in self.pairs.items():
            if a == sender and (known is None or known == b):
                self.carry(pair, frame)

    def carry(self, pair, frame):
        now = now_ms()
        if pair.loses(now) or len(self.waiting) >= MAX_WAITING:
            pair.counts["dropped"] += 1
            return
        delay = pair.delay(now)
        if delay == 0:
            return self.deliver(pair, frame)
        self.number += 1
        heapq.heappush(self.waiting, (now + delay, self.number, pair, frame))

    def deliver(self, pair, frame):
        # A cut takes what is under way, too.
        if pair.rule.get("blackhole"):
            pair.counts["dropped"] += 1
            return
        pair.note(frame)
        self.follow(pair, frame)
        self.put(pair, frame)

    def put(self, pair, frame):
        try:
            os.write(pair.tap, frame)
        except OSError:
            # The interface at that end is down, or its queue is full.
            pair.counts["dropped"] += 1

    def follow(self, pair, frame):
        """Remembers where each TCP connection stands, so that a RST fits into its window."""
        ip = ip_of(frame)
        if ip is None or ip[0] != TCP or len(frame) < ip[1] + 20:
            return
        at, ip_bytes = ip[1], ip[2]
        ports, flags = frame[at : at + 4], frame[at + 13]
        flow = (id(pair), frame[26:34], ports)
        if flags & RST:
            self.flows.pop(flow, None)
            return
        sequence = struct.unpack("!I", frame[at + 4 : at + 8])[0]
        carried = 14 + ip_bytes - at - (frame[at + 12] >> 4) * 4
        after = (sequence + carried + bool(flags & SYN) + bool(flags & FIN)) & 0xFFFFFFFF
        if flow in self.flows or len(self.flows) < MAX_FLOWS:
            self.flows[flow] = (pair, frame[:14], after, frame[at + 8 : at + 12])

    def reset(self, port):
        """A RST into both ends of each connection to the port; how many were sent."""
        wanted = struct.pack("!H", port)
        hit = {flow: at for flow, at in self.flows.items() if wanted in (flow[2][:2], flow[2][2:])}
        for (_, addresses, ports), (pair, ethernet, sequence, acknowledged) in hit.items():
            tcp = ports + struct.pack("!I", sequence) + acknowledged + struct.pack("!BBHHH", 0x50, RST | ACK, 0, 0, 0)
            tcp_sum = checksum(addresses + struct.pack("!BBH", 0, TCP, len(tcp)) + tcp)
            tcp = tcp[:16] + struct.pack("!H", tcp_sum) + tcp[18:]
            ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, TCP, 0) + addresses
            ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
            self.put(pair, ethernet + ip + tcp)
        for flow in hit:
            del self.flows[flow]
        return len(hit)

    def replay(self, pair, port, last, flip):
        frames = [f for f in pair.remembered if f[ip_of(f)[1] + 2 : ip_of(f)[1] + 4] == struct.pack("!H", port)]
        frames = frames[-last:] if last > 0 else []
        for frame in frames:
            if flip:
                # A UDP checksum of 0 is "none" in IPv4: the kernel lets the changed byte through.
                at = ip_of(frame)[1] + 6
                frame = frame[:at] + b"\0\0" + frame[at + 2 : -1] + bytes([frame[-1] ^ 1])
            self.put(pair, frame)
        return len(frames)

    def pair(self, name):
        return self.pairs[tuple(name.split(">"))]

    def obey(self, command):
        do = command["do"]
        if do == "rules":
            rules = {self.pair(name): checked(rule) for name, rule in command["pairs"].items()}
            for pair, rule in rules.items():
                pair.become(rule)
            return {}
        if do == "counts":
            return {"counts": {">".join(name): pair.counts for name, pair in self.pairs.items()}}
        if do == "replay":
            pair = self.pair(command["pair"])
            return {"sent": self.replay(pair, command["port"], command["last"], command["flip"])}
        if do == "reset":
            return {"sent": self.reset(command["port"])}
        raise ValueError("no such command: " + do)

    def hear(self, line):
        number = None
        try:
            command = json.loads(line)
            number = command["id"]
            told = self.obey(command)
            tell(id=number, at=now_ms(), **told)
        except (KeyError, TypeError, ValueError) as error:
            tell(id=number, error=str(error))

    def run(self):
        taps = {tap: name for name, tap in self.ends.items()}
        os.set_blocking(0, False)
        said = b""
        while True:
            due = max(0, self.waiting[0][0] - now_ms()) / 1000 if self.waiting else None
            for ready in select.select([0, *taps], [], [], due)[0]:
                if ready == 0:
                    more = os.read(0, MAX_LINE_BYTES)
                    *lines, said = (said + more).split(b"\n")
                    for line in lines:
                        self.hear(line)
                    if more == b"" or len(said) > MAX_LINE_BYTES:
                        return
                else:
                    self.drain(ready, taps[ready])
            while self.waiting and self.waiting[0][0] <= now_ms():
                _, _, pair, frame = heapq.heappop(self.waiting)
                self.deliver(pair, frame)

    def drain(self, tap, name):
        # A few at a time, so that one talker holds up neither the others nor a command.
        for _ in range(32):
            try:
                frame = os.read(tap, FRAME_BYTES)
            except OSError:
                return
            if len(frame) >= 14:
                self.take(name, frame)


if __name__ == "__main__":
    wire = Wire([argument.split("=", 1) for argument in sys.argv[1:]])
    tell(event="up", at=now_ms())
    wire.run()
