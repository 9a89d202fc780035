import { verdict, type Check } from '../check.ts';

/** kind or minikube is there; without either the built-in demo cluster still works. */
export const toolsCheck: Check = {
  name: 'tools',
  async run({ platform }) {
    const found: string[] = [];
    for (const tool of ['kind', 'minikube', 'kubectl', 'docker'])
      if ((await platform.tools.find(tool)) !== null) found.push(tool);
    const tools = found.join(', ');
    if (found.includes('kind') || found.includes('minikube'))
      return verdict('tools', 'ok', 'doctor.tools.ok', { tools });
    return verdict(
      'tools',
      'advice',
      'doctor.tools.none',
      { tools: tools || '-' },
      'doctor.tools.none.action',
    );
  },
};
