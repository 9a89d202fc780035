import { interface as service, NameFlag, RequestNameReply, sessionBus, type Variant } from 'dbus-next';
import { sightings } from './sightings.ts';

/** What an app asked the desktop to show. */
export interface Note {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly actions: readonly { readonly key: string; readonly label: string }[];
  /** 0 low, 1 normal, 2 critical; null when the app says nothing. */
  readonly urgency: number | null;
  /** True when it took the place of one that was shown before. */
  readonly replaced: boolean;
}

/** The desktop's notifications (org.freedesktop.Notifications): records them, and answers as a person would. */
export interface Notifications {
  /** All that were shown, oldest first. */
  readonly shown: readonly Note[];
  /** Ids that the app took back itself. */
  readonly takenBack: readonly number[];
  /** The first note that fits, past or to come. */
  see(fits: (note: Note) => boolean, withinMs?: number): Promise<Note>;
  /** A click on the note, or on one of its buttons. */
  press(note: Note, key?: string): void;
  dismiss(note: Note): void;
  stop(): void;
}

const NAME = 'org.freedesktop.Notifications';
const CAPABILITIES = ['actions', 'body', 'body-markup', 'icon-static', 'persistence'];
const DISMISSED = 2;
const CLOSED_BY_APP = 3;

class Daemon extends service.Interface {
  readonly notes = sightings<Note>('notification');
  readonly takenBack: number[] = [];
  private lastId = 0;

  constructor() {
    super(NAME);
  }

  GetCapabilities(): string[] {
    return CAPABILITIES;
  }
  GetServerInformation(): string[] {
    return ['notifications double', 'tandem', '1', '1.2'];
  }
  Notify(
    _app: string,
    replaces: number,
    _icon: string,
    title: string,
    body: string,
    actions: string[],
    hints: Record<string, Variant>,
  ): number {
    const id = replaces === 0 ? (this.lastId += 1) : replaces;
    const keys = actions.filter((_, index) => index % 2 === 0);
    const urgency: unknown = hints['urgency']?.value;
    this.notes.add({
      id,
      title,
      body,
      actions: keys.map((key, index) => ({ key, label: actions[index * 2 + 1] ?? '' })),
      urgency: typeof urgency === 'number' ? urgency : null,
      replaced: replaces !== 0,
    });
    return id;
  }
  CloseNotification(id: number): void {
    this.takenBack.push(id);
    this.NotificationClosed(id, CLOSED_BY_APP);
  }
  NotificationClosed(id: number, reason: number): number[] {
    return [id, reason];
  }
  ActionInvoked(id: number, key: string): (number | string)[] {
    return [id, key];
  }
}

Daemon.configureMembers({
  methods: {
    GetCapabilities: { outSignature: 'as' },
    GetServerInformation: { outSignature: 'ssss' },
    Notify: { inSignature: 'susssasa{sv}i', outSignature: 'u' },
    CloseNotification: { inSignature: 'u' },
  },
  signals: { NotificationClosed: { signature: 'uu' }, ActionInvoked: { signature: 'us' } },
});

export async function startNotifications(): Promise<Notifications> {
  const bus = sessionBus();
  const daemon = new Daemon();
  bus.export('/org/freedesktop/Notifications', daemon);
  const owner = await bus.requestName(NAME, NameFlag.DO_NOT_QUEUE);
  if (owner !== RequestNameReply.PRIMARY_OWNER) throw new Error('another notification daemon is on this bus');
  return {
    shown: daemon.notes.all,
    takenBack: daemon.takenBack,
    see: (fits, withinMs = 15_000) => daemon.notes.see(fits, withinMs),
    // "default" is the note itself.
    press: (note, key = 'default') => void daemon.ActionInvoked(note.id, key),
    dismiss: (note) => void daemon.NotificationClosed(note.id, DISMISSED),
    stop: () => bus.disconnect(),
  };
}
