/** Keys that work wherever the focus is: "/" to search, Escape to close. */
export function onKeys({ search, close }: { search: () => void; close: () => void }): void {
  addEventListener('keydown', event => {
    const isWriting = event.target instanceof Element && event.target.matches('input, select, textarea');
    // In a search field it takes away what was typed, and no more.
    const isSearching = event.target instanceof HTMLInputElement && event.target.type === 'search' && event.target.value !== '';
    if (event.key === 'Escape' && !isSearching) {
      close();
    } else if (event.key === '/' && !isWriting && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search();
    }
  });
}
