import { screen, type BrowserWindow } from 'electron';
import type { Clock, Disposable, Scheduler } from '../src-engine/platform/clock.ts';
import type { PopoverPage } from '../src-shared/commands/shell.ts';
import type { TandemError } from '../src-shared/errors/result.ts';
import type { Announcement } from './announce.ts';
import { clickMeans } from './blur-latch.ts';
import type { Ipc } from './ipc.ts';
import { anchorOf, popoverBounds, type Rect } from './popover-position.ts';
import { createPopoverWindow, POPOVER_WIDTH } from './popover-window.ts';
import type { ShellStore } from './shell-store.ts';
import type { WindowMemory } from './window-memory.ts';

export interface PopoverDeps {
  readonly preload: string;
  readonly store: ShellStore;
  readonly ipc: Ipc;
  readonly memory: WindowMemory;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  announce(announcement: Announcement): void;
  trayBounds(): Rect | null;
  /** Opens at the demo's panel, and stays while somebody works elsewhere. */
  readonly isDemo: boolean;
}

/** A renderer costs about 80 MB: it is kept for a minute, in case somebody looks again. */
const KEEP_MS = 60_000;
/** The page tells its height once it has drawn itself; a page that does not is shown all the same. */
const FIRST_SIZE_LIMIT_MS = 1500;

/** One request to show the popover, until its first frame is painted. */
interface Showing {
  readonly page: PopoverPage;
  readonly failure: TandemError | null;
  readonly sinceMs: number;
  readonly cold: boolean;
}

/** The popover's life: made at the first look, shown at its icon, hidden on blur, gone a minute later. */
export class Popover {
  private window: BrowserWindow | null = null;
  private heightPixels: number;
  private anchor: Rect | null = null;
  private showing: Showing | null = null;
  /** The page has told its height: it may be seen. */
  private sized = false;
  private hiddenByBlurAtMs: number | null = null;
  private destroyLater: Disposable | null = null;

  private readonly deps: PopoverDeps;

  constructor(deps: PopoverDeps) {
    this.deps = deps;
    this.heightPixels = deps.memory.heightPixels();
    screen.on('display-metrics-changed', () => {
      if (this.window?.isVisible()) this.window.setBounds(this.place());
    });
  }

  show(page: PopoverPage = this.deps.isDemo ? 'demo' : 'state', failure: TandemError | null = null): void {
    this.destroyLater?.dispose();
    const sinceMs = this.deps.clock.monotonicMs();
    this.showing = { page, failure, sinceMs, cold: this.window === null };
    this.window ??= this.create();
    if (this.sized) this.reveal();
  }

  /** A click on the icon. */
  toggle(): void {
    const visible = this.window?.isVisible() ?? false;
    const meaning = clickMeans(visible, this.hiddenByBlurAtMs, this.deps.clock.monotonicMs());
    if (meaning === 'show') this.show();
    if (meaning === 'hide') this.hide();
  }

  hide(): void {
    if (this.window === null) return;
    this.showing = null;
    this.window.hide();
    this.deps.store.setState({ popoverVisible: false });
    this.deps.memory.remember(this.heightPixels);
    this.destroyLater?.dispose();
    this.destroyLater = this.deps.scheduler.after(KEEP_MS, () => this.window?.destroy());
  }

  /** The content's height changed. */
  resize(heightPixels: number): void {
    this.heightPixels = heightPixels;
    if (!this.sized && this.showing !== null) return this.reveal();
    if (this.window?.isVisible()) this.window.setBounds(this.boundsNow());
  }

  /** The first frame after a show is on the screen. */
  painted(): void {
    if (this.showing === null) return;
    const ms = Math.round(this.deps.clock.monotonicMs() - this.showing.sinceMs);
    this.deps.announce({ event: 'popoverShown', ms, cold: this.showing.cold });
    this.showing = null;
  }

  private create(): BrowserWindow {
    const window = createPopoverWindow(this.deps.preload, this.place());
    this.deps.ipc.trust(window.webContents);
    this.sized = false;
    window.on('blur', () => this.blurred());
    window.on('closed', () => this.closed());
    window.webContents.on('render-process-gone', () => window.destroy());
    window.once('ready-to-show', () =>
      this.deps.scheduler.after(FIRST_SIZE_LIMIT_MS, () => {
        if (!this.sized) this.reveal();
      }),
    );
    return window;
  }

  /** On the screen, now that the content's height is known. */
  private reveal(): void {
    if (this.window === null || this.showing === null) return;
    const { page, failure } = this.showing;
    this.sized = true;
    this.window.setBounds(this.place());
    this.window.show();
    this.window.focus();
    this.deps.store.setState({ popoverVisible: true });
    this.deps.ipc.push('shell.shown', {
      page,
      failure: failure && { ...failure, params: { ...failure.params } },
    });
  }

  private blurred(): void {
    if (this.window === null || !this.window.isVisible()) return;
    if (this.deps.isDemo || this.window.webContents.isDevToolsFocused()) return;
    this.hiddenByBlurAtMs = this.deps.clock.monotonicMs();
    this.hide();
  }

  private closed(): void {
    this.window = null;
    this.sized = false;
    this.deps.store.setState({ popoverVisible: false });
  }

  /** Bounds are read at each show, never kept: icon, screens and Dock move. */
  private place(): Rect {
    const tray = this.deps.trayBounds();
    const pointer = screen.getCursorScreenPoint();
    const display = tray === null ? screen.getDisplayNearestPoint(pointer) : screen.getDisplayMatching(tray);
    this.anchor = anchorOf(tray, pointer, display);
    return this.boundsNow();
  }

  /** The same place for another height. */
  private boundsNow(): Rect {
    const near = this.anchor ?? screen.getCursorScreenPoint();
    const { workArea } = screen.getDisplayNearestPoint(near);
    return popoverBounds(this.anchor, workArea, { width: POPOVER_WIDTH, height: this.heightPixels });
  }
}
