import Store from 'electron-store';

/** What only a window cares about (design decision 11): the height it had, so that it opens without a jump. */
export interface WindowMemory {
  heightPixels(): number;
  remember(heightPixels: number): void;
}

const FIRST_HEIGHT = 480;

export function openWindowMemory(folder: string): WindowMemory {
  const store = new Store<{ popoverHeightPixels: number }>({
    cwd: folder,
    name: 'windows',
    clearInvalidConfig: true,
    defaults: { popoverHeightPixels: FIRST_HEIGHT },
  });
  return {
    heightPixels: () => {
      const height = store.get('popoverHeightPixels');
      return Number.isInteger(height) && height >= 80 && height <= 2000 ? height : FIRST_HEIGHT;
    },
    remember: (heightPixels) => {
      if (heightPixels !== store.get('popoverHeightPixels')) store.set('popoverHeightPixels', heightPixels);
    },
  };
}
