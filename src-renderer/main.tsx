import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { feedView } from './view-store.ts';

const root = document.getElementById('root');

void feedView().then(() => {
  if (root !== null) createRoot(root).render(<App />);
});
