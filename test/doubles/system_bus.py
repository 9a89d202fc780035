#!/usr/bin/python3
"""login1 and UPower on a private bus, for system-bus.ts. Python, because Node cannot pass file descriptors.

Standard input: one JSON command a line, {"do": "sleep" | "shutdown", "start": bool}, {"do": "lock" | "unlock"},
{"do": "power", "percent": number, "onBattery": bool, "minutesLeft": number}, {"do": "lid", "closed": bool}.
Standard output: one JSON event a line, {"event": "up"}, {"event": "held" | "released", "what", "who", "mode"}.
The end of standard input ends it.
"""

import json
import os
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

PROPERTIES = "org.freedesktop.DBus.Properties"
LOGIN = "org.freedesktop.login1"
UPOWER = "org.freedesktop.UPower"
DISPLAY_DEVICE = "/org/freedesktop/UPower/devices/DisplayDevice"
BATTERY = "/org/freedesktop/UPower/devices/battery_BAT0"
CHARGING, DISCHARGING, FULL = 1, 2, 4


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


class Manager(dbus.service.Object):
    """login1.Manager: whoever holds the write end of a pipe of ours holds a lock."""

    @dbus.service.method(LOGIN + ".Manager", in_signature="ssss", out_signature="h")
    def Inhibit(self, what, who, why, mode):
        facts = {"what": str(what), "who": str(who), "mode": str(mode)}
        ours, theirs = os.pipe()

        def let_go(*_):
            os.close(ours)
            tell("released", **facts)
            return False

        GLib.io_add_watch(ours, GLib.IO_HUP, let_go)
        lock = dbus.types.UnixFd(theirs)
        os.close(theirs)
        tell("held", **facts)
        return lock

    @dbus.service.method(LOGIN + ".Manager", in_signature="u", out_signature="o")
    def GetSessionByPID(self, _pid):
        return "/org/freedesktop/login1/session/auto"

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, _interface, _name):
        return False

    @dbus.service.signal(LOGIN + ".Manager", signature="b")
    def PrepareForSleep(self, start):
        pass

    @dbus.service.signal(LOGIN + ".Manager", signature="b")
    def PrepareForShutdown(self, start):
        pass


class Session(dbus.service.Object):
    @dbus.service.signal(LOGIN + ".Session")
    def Lock(self):
        pass

    @dbus.service.signal(LOGIN + ".Session")
    def Unlock(self):
        pass


class Properties(dbus.service.Object):
    """An object that is its properties."""

    def __init__(self, name, path, interface, values):
        super().__init__(name, path)
        self.interface = interface
        self.values = values

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, _interface, name):
        return self.values[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, _interface):
        return self.values

    @dbus.service.signal(PROPERTIES, signature="sa{sv}as")
    def PropertiesChanged(self, interface, changed, gone):
        pass

    def change(self, **values):
        self.values.update(values)
        self.PropertiesChanged(self.interface, values, dbus.Array([], signature="s"))


class Daemon(Properties):
    @dbus.service.method(UPOWER, out_signature="ao")
    def EnumerateDevices(self):
        return [BATTERY]

    @dbus.service.method(UPOWER, out_signature="o")
    def GetDisplayDevice(self):
        return DISPLAY_DEVICE


def battery_values(percent=100, state=FULL, seconds_left=0):
    return {
        "Type": dbus.UInt32(2),
        "IsPresent": True,
        "PowerSupply": True,
        "State": dbus.UInt32(state),
        "Percentage": dbus.Double(percent),
        "TimeToEmpty": dbus.Int64(seconds_left),
        "TimeToFull": dbus.Int64(0),
    }


class Machine:
    def __init__(self):
        bus = dbus.SystemBus()
        login = dbus.service.BusName(LOGIN, bus)
        power = dbus.service.BusName(UPOWER, bus)
        self.manager = Manager(login, "/org/freedesktop/login1")
        self.session = Session(login, "/org/freedesktop/login1/session/auto")
        lid = {"OnBattery": False, "DaemonVersion": "1.90.2", "LidIsPresent": True, "LidIsClosed": False}
        self.daemon = Daemon(power, "/org/freedesktop/UPower", UPOWER, lid)
        self.batteries = [Properties(power, path, UPOWER + ".Device", battery_values()) for path in (DISPLAY_DEVICE, BATTERY)]

    def power(self, percent, onBattery, minutesLeft=0):
        self.daemon.change(OnBattery=onBattery)
        state = DISCHARGING if onBattery else CHARGING
        for battery in self.batteries:
            battery.change(**battery_values(percent, state, minutesLeft * 60 if onBattery else 0))

    def do(self, command):
        verb = command.pop("do")
        verbs = {
            "sleep": lambda start: self.manager.PrepareForSleep(start),
            "shutdown": lambda start: self.manager.PrepareForShutdown(start),
            "lock": self.session.Lock,
            "unlock": self.session.Unlock,
            "lid": lambda closed: self.daemon.change(LidIsClosed=closed),
            "power": self.power,
        }
        verbs[verb](**command)


def main():
    DBusGMainLoop(set_as_default=True)
    loop = GLib.MainLoop()
    machine = Machine()
    rest = b""

    def read(descriptor, _condition):
        # Not readline(): what it reads ahead would wait for the next command.
        nonlocal rest
        arrived = os.read(descriptor, 65536)
        if not arrived:
            loop.quit()
            return False
        *lines, rest = (rest + arrived).split(b"\n")
        for line in lines:
            machine.do(json.loads(line))
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, read)
    tell("up")
    loop.run()


main()
