/** Keys that work wherever the focus is: "/" to search, Escape to close. */
export function onKeys({ search, close }: { search: () => void; close: () => void }): void {
  addEventListener('keydown', event => {
    const isWriting = event.target instanceof Element && event.target.matches('input, select, textarea');
    if (event.key === 'Escape') {
      close();
    } else if (event.key === '/' && !isWriting && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search();
    }
  });
}
