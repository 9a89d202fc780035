import type { VmWeighed } from './clusters.ts';
import { sentence, type Sentence } from './sentence.ts';

/** What the guard weighed when a cluster stands in a container runtime's machine. */
export function vmSentence({ runtime, basis, sizeBytes, touchedBytes }: VmWeighed): Sentence {
  return touchedBytes === null
    ? sentence(`admission.vm.${basis}.unseen`, { runtime, sizeBytes })
    : sentence(`admission.vm.${basis}`, { runtime, sizeBytes, touchedBytes });
}
