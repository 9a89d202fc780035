"""What happens to frames of one direction of the wire (wire.py): the rules, their state, the counts."""

import collections
import random
import struct
import time

UDP, TCP = 17, 6
# `LINK_PORT` of pair.ts.
LINK_PORT = 47321
# The last UDP frames of a direction, for a replay.
MAX_REMEMBERED = 256
KINDS = {
    "blackhole": bool,
    "delayMs": float,
    "jitterMs": float,
    "spreadMs": float,
    "loss": float,
    "bursts": ("toBad", "toGood", "loss"),
    "outages": ("goodMs", "badMs", "loss"),
    "offChannel": ("periodMs", "holdMs"),
}


def now_ms():
    return time.monotonic_ns() / 1e6


def checked(rule):
    """The rule, or an error that names what is wrong with it."""
    for key, value in rule.items():
        kind = KINDS.get(key)
        if kind is None:
            raise ValueError("no such rule: " + key)
        numbers = value if isinstance(kind, tuple) else {key: value}
        if isinstance(kind, tuple) and set(numbers) != set(kind):
            raise ValueError(key + " wants " + ", ".join(kind))
        if kind is not bool and not all(isinstance(n, (int, float)) and n >= 0 for n in numbers.values()):
            raise ValueError(key + " wants numbers of 0 or more")
    return rule


def ip_of(frame):
    """(protocol, header offset of what IPv4 carries, IP bytes), or None for another frame."""
    if len(frame) < 34 or frame[12:14] != b"\x08\x00":
        return None
    return frame[23], 14 + (frame[14] & 0x0F) * 4, struct.unpack("!H", frame[16:18])[0]


def ports_of(frame, offset):
    """Source and destination port of TCP or UDP; none in a frame that is too short."""
    return struct.unpack("!HH", frame[offset : offset + 4]) if len(frame) >= offset + 4 else ()


class Pair:
    """One direction between two ends: its rules, their state, what went through."""

    def __init__(self, tap):
        self.tap = tap
        self.counts = {"frames": 0, "dropped": 0, "udpBytes": 0, "tcpBytes": 0, "otherBytes": 0}
        self.remembered = collections.deque(maxlen=MAX_REMEMBERED)
        self.become({})

    def become(self, rule):
        self.rule = rule
        self.in_burst = False
        self.in_outage = False
        self.since = now_ms()
        self.outage_turn = self.since
        if "outages" in rule:
            self.outage_turn += random.expovariate(1) * rule["outages"]["goodMs"]

    def loses(self, now):
        rule = self.rule
        if rule.get("blackhole"):
            return True
        if "bursts" in rule:
            burst = rule["bursts"]
            self.in_burst = random.random() < burst["toBad"] if not self.in_burst else random.random() >= burst["toGood"]
            if self.in_burst and random.random() < burst["loss"]:
                return True
        if "outages" in rule:
            outage = rule["outages"]
            while now > self.outage_turn:
                self.in_outage = not self.in_outage
                mean = outage["badMs"] if self.in_outage else outage["goodMs"]
                self.outage_turn += max(0.1, random.expovariate(1) * mean)
            if self.in_outage and random.random() < outage["loss"]:
                return True
        return random.random() < rule.get("loss", 0)

    def delay(self, now):
        rule = self.rule
        delay = rule.get("delayMs", 0)
        if "jitterMs" in rule:
            delay += random.expovariate(1) * rule["jitterMs"]
        if "spreadMs" in rule:
            delay += random.uniform(-rule["spreadMs"], rule["spreadMs"])
        if "offChannel" in rule:
            period, hold = rule["offChannel"]["periodMs"], rule["offChannel"]["holdMs"]
            phase = (now - self.since) % max(1, period)
            if phase < hold:
                delay += hold - phase
        return max(0, delay)

    def note(self, frame):
        counts, ip = self.counts, ip_of(frame)
        counts["frames"] += 1
        if ip is None:
            counts["otherBytes"] += len(frame) - 14
            return
        kind = {UDP: "udpBytes", TCP: "tcpBytes"}.get(ip[0], "otherBytes")
        # The front's checks and requests are TCP between the same two, and no load of the link.
        if kind == "tcpBytes" and LINK_PORT not in ports_of(frame, ip[1]):
            kind = "otherBytes"
        counts[kind] += ip[2]
        if ip[0] == UDP:
            self.remembered.append(frame)
