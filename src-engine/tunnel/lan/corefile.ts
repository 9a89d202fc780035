import { OWN_PREFIX } from './own-objects.ts';

/**
 * The block that answers NAME.NAMESPACE.svc.clusterset.local (decision 23). It stands by itself behind everything else,
 * between two lines that say whose it is, and is the same for every service: it asks the cluster's own DNS for ours.
 */
const BEGIN = '# tandem: begin (LAN mode; written and removed by Tandem)';
const END = '# tandem: end';
const ZONE = 'clusterset.local';

const block = [
  BEGIN,
  `${ZONE}:53 {`,
  '    errors',
  `    rewrite name regex (.+)\\.([^.]+)\\.svc\\.clusterset\\.local ${OWN_PREFIX}{1}.{2}.svc.cluster.local answer auto`,
  '    forward . 127.0.0.1:53',
  '    cache 5',
  '}',
  END,
  '',
].join('\n');

const marked = /# tandem: begin[^\n]*\n[\s\S]*?# tandem: end[^\n]*\n?/g;

/**
 * The Corefile with our block as it is written now.
 *
 * @returns null when somebody else (Submariner's Lighthouse) answers that zone: two blocks for one are an error of
 *   the whole DNS
 */
export function withNames(corefile: string): string | null {
  const others = withoutNames(corefile);
  if (uncommented(others).includes(ZONE)) return null;
  return `${others}${others === '' || others.endsWith('\n') ? '' : '\n'}${block}`;
}

/** The Corefile as it was before us. */
export function withoutNames(corefile: string): string {
  return corefile.replaceAll(marked, '');
}

const uncommented = (text: string): string => text.replaceAll(/#[^\n]*/g, '');

/** What a service is called there. */
export const clusterNameOf = (namespace: string, name: string): string => `${name}.${namespace}.svc.${ZONE}`;
