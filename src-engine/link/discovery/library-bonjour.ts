import type { EventEmitter } from 'node:events';
import type { Bonjour as Library, Browser, Service } from 'bonjour-service';
import type { Disposable, Scheduler } from '../../platform/clock.ts';
import { isAddress } from '../network/addresses.ts';
import { MOST_FOUND, type Bonjour } from './bonjour.ts';
import { foundOf, instanceName, SERVICE, textOf, type Announcement, type Found } from './service-text.ts';

/** While browsing it asks anew this often; who is not heard in three rounds is gone. */
const ROUND_MS = 10_000;
const ROUNDS_KEPT = 3;
/** Port 5353 may be somebody's for a while. */
const AGAIN_MS = 30_000;
/** For the good-bye to leave. */
const FAREWELL_MS = 500;

export interface LibraryPorts {
  readonly scheduler: Scheduler;
  /** Told once per failure: no permission, port taken. */
  onProblem(error: Error): void;
  /** Multicast goes by the interface of this address; null: the system chooses. For tests also the port. */
  readonly socket?: { readonly interface: string | null; readonly port?: number };
}

interface Known {
  readonly found: Found;
  readonly round: number;
}

/** Bonjour by the library bonjour-service, loaded when it is first needed. */
export function libraryBonjour(ports: LibraryPorts): Bonjour {
  return new LibraryRoom(ports);
}

/** One socket for both uses, open while either is wanted. Its steps run one after another. */
class LibraryRoom implements Bonjour {
  private wanted: Announcement | null = null;
  private browsing = false;
  private library: Library | null = null;
  private openFor: string | null = null;
  private said: Announcement | null = null;
  private browser: Browser | null = null;
  private rounds: Disposable | null = null;
  private again: Disposable | null = null;
  private round = 0;
  private turn: Promise<void> = Promise.resolve();
  private readonly known = new Map<string, Known>();
  private readonly ports: LibraryPorts;

  constructor(ports: LibraryPorts) {
    this.ports = ports;
  }

  announce(what: Announcement | null): void {
    this.wanted = what;
    this.settle();
  }

  browse(on: boolean): void {
    if (this.browsing === on) return;
    this.browsing = on;
    this.settle();
  }

  found(): readonly Found[] {
    const since = this.round - ROUNDS_KEPT;
    return [...this.known.values()].filter(({ round }) => round > since).map(({ found }) => found);
  }

  dispose(): void {
    this.wanted = null;
    this.browsing = false;
    this.settle();
  }

  private settle(): void {
    this.turn = this.turn.then(() => this.step()).catch((error: unknown) => this.failed(error));
  }

  /** Brings what runs to what is wanted. */
  private async step(): Promise<void> {
    this.again?.dispose();
    this.again = null;
    const isNew = JSON.stringify(this.said) !== JSON.stringify(this.wanted);
    if (isNew) await this.farewell();
    if (!this.browsing) this.endBrowsing();
    if (this.wanted === null && !this.browsing) return this.close();
    // Another network: another socket, and nothing heard on the old one counts.
    if (this.library !== null && this.openFor !== this.where()) {
      this.endBrowsing();
      await this.close();
    }
    const library = (this.library ??= await this.open());
    if (isNew && this.wanted !== null) this.say(library, this.wanted);
    if (this.browsing && this.rounds === null) this.beginBrowsing();
  }

  /** Who only browses stays where it is. */
  private where(): string | null {
    return (
      this.ports.socket?.interface ?? (this.wanted === null ? this.openFor : (this.wanted.address ?? null))
    );
  }

  private async open(): Promise<Library> {
    const { Bonjour: Made } = await import('bonjour-service');
    const where = (this.openFor = this.where());
    const port = this.ports.socket?.port;
    const options = {
      // Bound to all, since an address of its own would not hear the group on Linux.
      bind: '0.0.0.0',
      ...(where === null ? {} : { interface: where }),
      ...(port === undefined ? {} : { port }),
    };
    // Without a callback of ours the library throws from inside an event.
    const library = new Made(options, (error: Error) => this.failed(error));
    harmless(socketOf(library), (error) => this.failed(error));
    return library;
  }

  private say(library: Library, what: Announcement): void {
    const instance = instanceName(what);
    library.publish({
      name: instance,
      ...SERVICE,
      port: what.port,
      host: `${instance}.local`,
      txt: textOf(what),
      // The name is unique by key; the library would print a conflict to our standard output.
      probe: false,
      disableIPv6: true,
    });
    this.said = what;
  }

  private async farewell(): Promise<void> {
    const { library } = this;
    const hadSaid = this.said !== null;
    this.said = null;
    if (library === null || !hadSaid) return;
    await this.within(FAREWELL_MS, (done) => library.unpublishAll(done));
  }

  private beginBrowsing(): void {
    this.ask();
    this.rounds = this.ports.scheduler.every(ROUND_MS, () => {
      this.round += 1;
      for (const [name, { round }] of this.known)
        if (round <= this.round - ROUNDS_KEPT) this.known.delete(name);
      this.ask();
    });
  }

  /** A new browser each round: the library's own list forgets nobody who vanished. */
  private ask(): void {
    this.browser?.stop();
    this.browser?.removeAllListeners();
    if (this.library === null) return;
    const browser = this.library.find({ ...SERVICE });
    browser.on('up', (service) => this.learn(service));
    browser.on('txt-update', (service) => this.learn(service));
    browser.on('srv-update', (service) => this.learn(service));
    browser.on('down', (service) => void this.known.delete(service.fqdn));
    this.browser = browser;
  }

  private learn(service: Service): void {
    if (!this.known.has(service.fqdn) && this.known.size >= MOST_FOUND) return;
    const text = (service.txt ?? {}) as Readonly<Record<string, unknown>>;
    const found = foundOf(text, addressOf(service), service.port);
    if (found === null) this.known.delete(service.fqdn);
    else this.known.set(service.fqdn, { found, round: this.round });
  }

  private endBrowsing(): void {
    this.rounds?.dispose();
    this.rounds = null;
    this.browser?.stop();
    this.browser = null;
    this.known.clear();
  }

  private async close(): Promise<void> {
    const { library } = this;
    this.library = null;
    if (library !== null) await this.within(FAREWELL_MS, (done) => library.destroy(done));
  }

  private failed(error: unknown): void {
    if (this.library === null && this.again !== null) return;
    this.ports.onProblem(error instanceof Error ? error : new Error(String(error)));
    this.endBrowsing();
    this.said = null;
    this.library?.destroy();
    this.library = null;
    if (this.wanted === null && !this.browsing) return;
    this.again?.dispose();
    this.again = this.ports.scheduler.after(AGAIN_MS, () => this.settle());
  }

  /** The library calls back when its socket has sent, which a broken one never does. */
  private within(limitMs: number, task: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const limit = this.ports.scheduler.after(limitMs, resolve);
      task(() => {
        limit.dispose();
        resolve();
      });
    });
  }
}

/** Where the answer came from is on our network for certain; its records may list a bridge first. */
function addressOf(service: Service): string | undefined {
  const from = service.referer?.address;
  return from !== undefined && isAddress(from) ? from : service.addresses?.find(isAddress);
}

/** The library keeps its socket private; its errors must be heard all the same, or they end the engine. */
function socketOf(library: Library): EventEmitter {
  return (library as unknown as { readonly server: { readonly mdns: EventEmitter } }).server.mdns;
}

/** An error is told, and a packet that the library stumbles over is dropped: anybody on the LAN sends them. */
function harmless(socket: EventEmitter, onError: (error: Error) => void): void {
  socket.on('error', onError);
  const emit = socket.emit.bind(socket);
  socket.emit = (name: string | symbol, ...rest: unknown[]): boolean => {
    try {
      return emit(name, ...rest);
    } catch {
      return false;
    }
  };
}
