import { DemoStrip } from '../parts/demo-strip.tsx';
import { Page } from '../parts/page.tsx';
import { TwoMacs } from '../pair/two-macs.tsx';
import { useView } from '../view-store.ts';
import { WakeCard } from '../wake/wake-card.tsx';
import { CommandProblem } from './command-problem.tsx';
import { Footer } from './footer.tsx';
import { Headline } from './headline.tsx';
import { Notices } from './notices.tsx';

/** The popover's first page: one true sentence, then what it rests on, then what can be done. */
export function StatePage() {
  const world = useView((view) => view.world);
  const lost = useView((view) => view.context.engine === 'lost');
  return (
    <Page>
      <Headline />
      <DemoStrip />
      <CommandProblem />
      {world !== null && (
        <div className={lost ? 'page stale' : 'page'} inert={lost}>
          <Notices world={world} />
          <WakeCard />
          <TwoMacs world={world} />
        </div>
      )}
      <Footer />
    </Page>
  );
}
