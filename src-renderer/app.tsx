import { lazy, Suspense, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { bridge } from './bridge.ts';
import { StatePage } from './popover/state-page.tsx';
import { useView } from './view-store.ts';

// Loaded after the first page is painted: the settings' schema is a quarter of all code.
const loadSettings = () => import('./settings/settings-page.tsx');
const loadHistory = () => import('./history/history-page.tsx');
const loadLink = () => import('./link/link-page.tsx');
const loadPairing = () => import('./pair/pairing-page.tsx');
const loadDryRun = () => import('./handoff/dry-run-page.tsx');
const loadReport = () => import('./handoff/report-page.tsx');
const loadTunnel = () => import('./tunnel/tunnel-page.tsx');
const loadCluster = () => import('./cluster/cluster-page.tsx');
const loadDemo = () => import('./demo/demo-page.tsx');
const SettingsPage = lazy(async () => ({ default: (await loadSettings()).SettingsPage }));
const HistoryPage = lazy(async () => ({ default: (await loadHistory()).HistoryPage }));
const LinkPage = lazy(async () => ({ default: (await loadLink()).LinkPage }));
const PairingPage = lazy(async () => ({ default: (await loadPairing()).PairingPage }));
const DryRunPage = lazy(async () => ({ default: (await loadDryRun()).DryRunPage }));
const ReportPage = lazy(async () => ({ default: (await loadReport()).ReportPage }));
const TunnelPage = lazy(async () => ({ default: (await loadTunnel()).TunnelPage }));
const ClusterPage = lazy(async () => ({ default: (await loadCluster()).ClusterPage }));
const DemoPage = lazy(async () => ({ default: (await loadDemo()).DemoPage }));
const loadAll = (): Promise<unknown> =>
  Promise.all([
    loadSettings(),
    loadHistory(),
    loadLink(),
    loadPairing(),
    loadDryRun(),
    loadReport(),
    loadCluster(),
  ]);

/** What the popover measures when it holds no page. */
const EMPTY_PIXELS = 80;

export function App() {
  const page = useView((view) => view.page);
  // What was drawn before the first show is what that show reveals: it is not drawn twice.
  const shows = useView((view) => Math.max(1, view.shows));
  const painted = useView((view) => view.painted);
  const { language, platform } = useView((view) => view.context);
  const content = useRef<HTMLDivElement>(null);
  useHeight(content);
  useKeys();
  useEffect(() => {
    if (painted) void loadAll();
  }, [painted]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset['platform'] = platform;
  }, [language, platform]);
  return (
    <div className="popover" ref={content}>
      {/* A page begins anew each time the popover opens. */}
      {page === 'state' && <StatePage key={shows} />}
      <Suspense fallback={null}>
        {page === 'settings' && <SettingsPage key={shows} />}
        {page === 'history' && <HistoryPage key={shows} />}
        {page === 'link' && <LinkPage key={shows} />}
        {page === 'pairing' && <PairingPage key={shows} />}
        {page === 'dryRun' && <DryRunPage key={shows} />}
        {page === 'report' && <ReportPage key={shows} />}
        {page === 'tunnel' && <TunnelPage key={shows} />}
        {page === 'cluster' && <ClusterPage key={shows} />}
        {page === 'demo' && <DemoPage key={shows} />}
      </Suspense>
    </div>
  );
}

/** Tells the shell how tall the content is, so that the window fits it. */
function useHeight(content: RefObject<HTMLDivElement | null>): void {
  useLayoutEffect(() => {
    const element = content.current;
    if (element === null) return;
    let told = 0;
    const tell = (): void => {
      const heightPixels = Math.min(2000, Math.ceil(element.getBoundingClientRect().height));
      // A page that is still loading is no reason to shrink the window.
      if (heightPixels < EMPTY_PIXELS) return;
      if (heightPixels !== told) void bridge.call('shell.resize', { heightPixels });
      told = heightPixels;
    };
    tell();
    const observer = new ResizeObserver(tell);
    observer.observe(element);
    return () => observer.disconnect();
  }, [content]);
}

/** Escape closes the popover, unless something inside took it for itself. Any key makes the focus visible. */
function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      document.documentElement.setAttribute('data-keyboard', '');
      if (event.key === 'Escape' && !event.defaultPrevented) void bridge.call('shell.hidePopover', {});
    };
    window.addEventListener('keydown', onKey);
    const onPointer = (): void => document.documentElement.removeAttribute('data-keyboard');
    window.addEventListener('pointerdown', onPointer);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('pointerdown', onPointer);
    };
  }, []);
}
