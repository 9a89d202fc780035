import { useEffect, useRef, type ReactNode } from 'react';

/** A page of the popover. When it opens, the keyboard starts at its first control. */
export function Page({ children }: { readonly children: ReactNode }) {
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    content.current
      ?.querySelector<HTMLElement>('button, select, input, a[href]')
      ?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);
  return (
    <main className="page" ref={content}>
      {children}
    </main>
  );
}
