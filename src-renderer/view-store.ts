import { create } from 'zustand';
import type { PopoverPage, ShellContext } from '../src-shared/commands/shell.ts';
import type { TandemError } from '../src-shared/errors/result.ts';
import type { Settings } from '../src-shared/settings.ts';
import type { World } from '../src-shared/world/world.ts';
import { bridge } from './bridge.ts';
import { noSeries, seriesFrom, withWorld, type Series } from './series.ts';

/** All that the popover shows. Fed by the shell and the engine; screens only read it. */
export interface View {
  readonly context: ShellContext;
  readonly world: World | null;
  /** Null until read. */
  readonly settings: Settings | null;
  readonly series: Series;
  readonly page: PopoverPage;
  /** Id of the record that the page of a report shows. */
  readonly reportId: string | null;
  /** What the page of a cluster shows; null: the one that Start and Stop mean. */
  readonly cluster: { readonly name: string | null; readonly pod: string | null };
  /** Where it was opened, and where its way back leads. */
  readonly reportFrom: PopoverPage;
  /** What the last command of a person came to, when it failed. */
  readonly failure: TandemError | null;
  /** Counts the times that the popover was opened. */
  readonly shows: number;
  /** A first frame has been on the screen: there is time for what is not seen yet. */
  readonly painted: boolean;
}

export const useView = create<View>(() => ({
  context: { language: 'en', platform: '', engine: 'starting' },
  world: null,
  settings: null,
  series: noSeries,
  page: 'state',
  reportId: null,
  cluster: { name: null, pod: null },
  reportFrom: 'state',
  failure: null,
  shows: 0,
  painted: false,
}));

const { setState, getState } = useView;

export function openPage(page: PopoverPage): void {
  setState({ page });
}

/** The report of a departure, a loss or a return. */
export function openReport(reportId: string): void {
  setState({ page: 'report', reportId, reportFrom: getState().page });
}

/** @param pod `NAMESPACE/NAME` of one in trouble, whose log is wanted */
export function openCluster(name: string | null, pod: string | null = null): void {
  setState({ page: 'cluster', cluster: { name, pod } });
}

export function showFailure(failure: TandemError | null): void {
  setState({ failure });
}

function adoptWorld(world: World): void {
  setState({ world, series: withWorld(getState().series, world, Date.now()) });
}

export async function refreshSettings(): Promise<void> {
  const result = await bridge.call('settings.get', {});
  // The engine checked it against the same schema; parsing again would bring the schema into the first paint.
  if (result.ok) setState({ settings: result.value.value as Settings });
}

async function refreshSeries(): Promise<void> {
  const result = await bridge.call('samples.recent', { seconds: 600, points: 60 });
  if (result.ok) setState({ series: seriesFrom(result.value, Date.now()) });
}

function painted(): void {
  void bridge.call('shell.painted', {});
  setState({ painted: true });
}

/** Asks once for everything, then listens. Resolves when there is enough for the first paint. */
export async function feedView(): Promise<void> {
  bridge.on('status.changed', adoptWorld);
  bridge.on('shell.context', (context) => setState({ context }));
  bridge.on('shell.shown', ({ page, failure }) => {
    setState({ page, failure, shows: getState().shows + 1 });
    void refreshSettings();
    void refreshSeries();
    // Two frames: the first draws what was set, the second comes after it was on the screen.
    requestAnimationFrame(() => requestAnimationFrame(painted));
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) setState({ page: 'state', failure: null });
  });
  const [context, status] = await Promise.all([
    bridge.call('shell.context', {}),
    bridge.call('status.get', {}),
  ]);
  if (context.ok) setState({ context: context.value });
  if (status.ok) adoptWorld(status.value);
}
