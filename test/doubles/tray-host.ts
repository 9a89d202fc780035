import {
  interface as service,
  Message,
  NameFlag,
  RequestNameReply,
  sessionBus,
  Variant,
  type MessageBus,
} from 'dbus-next';

/**
 * A panel as GNOME's or KDE's, seen and clicked by code (StatusNotifierItem and com.canonical.dbusmenu).
 * Start it before the app: Chromium looks for a panel once, when the icon is made.
 */
export interface TrayHost {
  /** The next icon that an app registers and nobody has taken. */
  nextItem(withinMs?: number): Promise<TrayItem>;
  stop(): void;
}

export interface TrayItem {
  tooltip(): Promise<string>;
  /** The largest picture there is. */
  picture(): Promise<TrayPicture>;
  menu(): Promise<readonly TrayMenuItem[]>;
  /** The item at the end of a path of labels, as they are read; throws when there is none. */
  find(...labels: readonly string[]): Promise<TrayMenuItem>;
  /** Clicks the item at the end of a path of labels; throws when it is disabled. */
  choose(...labels: readonly string[]): Promise<void>;
  /** Clicks the icon. */
  activate(): Promise<void>;
}

export interface TrayPicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Buffer;
}

export interface TrayMenuItem {
  readonly id: number;
  /** Without the underscores of shortcut keys; empty for a separator. */
  readonly label: string;
  readonly separator: boolean;
  readonly enabled: boolean;
  readonly visible: boolean;
  /** null when it cannot be checked. */
  readonly checked: boolean | null;
  readonly children: readonly TrayMenuItem[];
}

const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const ITEM_PATH = '/StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';
const PROPERTIES = 'org.freedesktop.DBus.Properties';

class Watcher extends service.Interface {
  readonly waiting: string[] = [];
  heard: () => void = () => undefined;

  constructor() {
    super(WATCHER);
  }

  RegisterStatusNotifierItem(name: string): void {
    this.waiting.push(name);
    this.StatusNotifierItemRegistered(name);
    this.heard();
  }
  RegisterStatusNotifierHost(): void {
    // We are the host.
  }
  StatusNotifierItemRegistered(name: string): string {
    return name;
  }
  get RegisteredStatusNotifierItems(): string[] {
    return this.waiting;
  }
  get IsStatusNotifierHostRegistered(): boolean {
    return true;
  }
  get ProtocolVersion(): number {
    return 0;
  }
}

Watcher.configureMembers({
  methods: {
    RegisterStatusNotifierItem: { inSignature: 's' },
    RegisterStatusNotifierHost: { inSignature: 's' },
  },
  signals: { StatusNotifierItemRegistered: { signature: 's' } },
  properties: {
    RegisteredStatusNotifierItems: { signature: 'as', access: 'read' },
    IsStatusNotifierHostRegistered: { signature: 'b', access: 'read' },
    ProtocolVersion: { signature: 'i', access: 'read' },
  },
});

export async function startTrayHost(): Promise<TrayHost> {
  const bus = sessionBus();
  const watcher = new Watcher();
  bus.export('/StatusNotifierWatcher', watcher);
  const owner = await bus.requestName(WATCHER, NameFlag.DO_NOT_QUEUE);
  if (owner !== RequestNameReply.PRIMARY_OWNER) throw new Error('another tray host is on this bus');
  return {
    async nextItem(withinMs = 20_000) {
      if (watcher.waiting.length === 0) await soon(withinMs, (heard) => (watcher.heard = heard));
      const name = watcher.waiting.shift();
      if (name === undefined) throw new Error('the icon was taken by another');
      return itemOf(bus, name);
    },
    stop: () => bus.disconnect(),
  };
}

function soon(withinMs: number, listen: (heard: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`no tray icon within ${withinMs} ms`)), withinMs);
    listen(() => {
      clearTimeout(limit);
      resolve();
    });
  });
}

/** Chromium's item answers no Introspect, so that everything is called by its signature. */
function itemOf(bus: MessageBus, destination: string): TrayItem {
  async function call(path: string, iface: string, member: string, signature: string, ...body: unknown[]) {
    const message = new Message({ destination, path, interface: iface, member, signature, body });
    const reply = await bus.call(message);
    return (reply?.body ?? []) as unknown[];
  }
  async function property(name: string): Promise<unknown> {
    const [value] = await call(ITEM_PATH, PROPERTIES, 'Get', 'ss', ITEM, name);
    return plain(value);
  }
  const menuPath = async () => String(await property('Menu'));
  async function menu(): Promise<readonly TrayMenuItem[]> {
    const [, layout] = await call(await menuPath(), MENU, 'GetLayout', 'iias', 0, -1, []);
    return menuItem(layout as Layout).children;
  }
  async function find(...labels: readonly string[]): Promise<TrayMenuItem> {
    let items = await menu();
    let found: TrayMenuItem | undefined;
    for (const label of labels) {
      found = items.find((item) => item.label === label);
      if (!found)
        throw new Error(`no menu item "${label}" among: ${items.map((item) => item.label).join(' | ')}`);
      items = found.children;
    }
    if (!found) throw new Error('which menu item?');
    return found;
  }
  async function choose(...labels: readonly string[]): Promise<void> {
    const item = await find(...labels);
    if (!item.enabled) throw new Error(`menu item "${item.label}" is disabled`);
    await call(await menuPath(), MENU, 'Event', 'isvu', item.id, 'clicked', new Variant('i', 0), 0);
  }
  return {
    menu,
    find,
    choose,
    tooltip: async () => String(((await property('ToolTip')) as unknown[])[2]),
    picture: async () => largest((await property('IconPixmap')) as Pixmap[]),
    activate: async () => void (await call(ITEM_PATH, ITEM, 'Activate', 'ii', 0, 0)),
  };
}

type Pixmap = readonly [width: number, height: number, argb: Buffer];
type Layout = readonly [id: number, properties: Record<string, Variant>, children: Variant[]];

function plain(value: unknown): unknown {
  return value instanceof Variant ? plain(value.value) : value;
}

/** On the bus a pixel is ARGB, in network byte order. */
function largest(pixmaps: readonly Pixmap[]): TrayPicture {
  const [width, height, argb] = pixmaps.reduce((one, other) => (other[0] > one[0] ? other : one));
  const rgba = Buffer.alloc(argb.length);
  for (let i = 0; i < argb.length; i += 4) {
    argb.copy(rgba, i, i + 1, i + 4);
    rgba.writeUInt8(argb.readUInt8(i), i + 3);
  }
  return { width, height, rgba };
}

/** Properties that have their default are left out by the app. */
function menuItem([id, properties, children]: Layout): TrayMenuItem {
  const value = (name: string): unknown => plain(properties[name]);
  const label = value('label');
  return {
    id,
    label: typeof label === 'string' ? label.replace(/_(_?)/g, '$1') : '',
    separator: value('type') === 'separator',
    enabled: value('enabled') !== false,
    visible: value('visible') !== false,
    checked: value('toggle-type') ? value('toggle-state') === 1 : null,
    children: children.map((child) => menuItem(child.value as Layout)),
  };
}
