import { offerSentence, runtimeSentence, type Runtime } from '../../src-shared/world/runtime.ts';
import { say, sentence, type Speaking } from '../../src-shared/world/sentence.ts';

/** The container runtime as lines: what it is, what its machine holds, what runs in it. */
export function runtimeLines(runtime: Runtime, speaking: Speaking): string[] {
  const { socket, vm, containers } = runtime;
  const offer = offerSentence(runtime);
  const more = [
    ...(vm?.touchedBytes == null ? [] : [sentence('cli.runtime.held', { touchedBytes: vm.touchedBytes })]),
    ...(vm?.learnedBytes == null ? [] : [sentence('cli.runtime.learned', { learnedBytes: vm.learnedBytes })]),
    ...(containers === null
      ? []
      : [sentence('cli.runtime.containers', { ours: containers.ours, others: containers.others })]),
    ...(containers === null || containers.names.length === 0
      ? []
      : [sentence('cli.runtime.names', { names: containers.names.join(', ') })]),
    ...(offer === null ? [] : [offer]),
    ...(socket === null ? [] : [sentence('cli.runtime.socket', { socket })]),
  ];
  return [say(runtimeSentence(runtime), speaking), ...more.map((one) => `  ${say(one, speaking)}`)];
}
