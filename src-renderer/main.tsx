import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { feedDemo } from './demo/demo-store.ts';
import { feedView } from './view-store.ts';

const root = document.getElementById('root');

void feedDemo();
void feedView().then(() => {
  if (root !== null) createRoot(root).render(<App />);
});
