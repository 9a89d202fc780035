import {
  offerSentence,
  runtimeSentence,
  runtimeTitle,
  type Runtime,
} from '../../src-shared/world/runtime.ts';
import { useCommand } from '../run-command.ts';
import { useWords } from '../words.ts';

/**
 * What a cluster stands in: the runtime's name, state and size. It can be started where it is down, and
 * stopped here only when nothing runs in it: then its memory comes back and nobody is harmed.
 */
export function RuntimeLine({ runtime }: { readonly runtime: Runtime }) {
  const { t, say } = useWords();
  const { run, running } = useCommand();
  const offer = offerSentence(runtime);
  const verb = offer !== null ? 'stop' : runtime.startable ? 'start' : null;
  return (
    <div className="dim sentence">
      <p>{say(runtimeSentence(runtime))}</p>
      {offer !== null && <p className={runtime.offer === 'memory' ? 'warn' : undefined}>{say(offer)}</p>}
      {verb !== null && (
        <button
          type="button"
          className="link"
          disabled={running}
          onClick={() => void run(`runtime.${verb}`, {})}
        >
          {t(`runtime.${verb}`, { runtime: runtimeTitle(runtime) })}
        </button>
      )}
    </div>
  );
}
