type Child = Node | string | null | undefined | false;

interface Attributes {
  readonly [name: string]: string | number | boolean | null | undefined | ((event: never) => void);
}

/** An element by tag (`div.card`), attributes (`onclick` and the like are listeners) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K | `${K}.${string}`, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name as K);
  if (classes.length) {
    element.className = classes.join(' ');
  }

  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(key.slice(2), value as (event: Event) => void);
    } else if (value === true) {
      element.setAttribute(key, '');
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, String(value));
    }
  }

  append(element, children);
  return element;
}

export function replace(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** The page's element of that id; the page is ours, so it is there. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) {
    throw new Error(`The page has no #${id}.`);
  }

  return element as T;
}

/** Writes only what differs: a text that is written again costs a layout. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * Makes an element like another one and leaves in its place what is the same: a click in progress, and the focus, go on. Children of a key
 * (data-key) are the same where that is.
 */
export function become(element: Element, wanted: Element): void {
  for (const { name } of [...element.attributes]) {
    if (!wanted.hasAttribute(name)) {
      element.removeAttribute(name);
    }
  }

  for (const { name, value } of wanted.attributes) {
    if (element.getAttribute(name) !== value) {
      element.setAttribute(name, value);
    }
  }

  becomeParent(element, [...wanted.childNodes]);
}

/** The same of what is in an element. */
export function becomeParent(parent: Element, wanted: readonly ChildNode[]): void {
  for (const [i, child] of wanted.entries()) {
    const rest = [...parent.childNodes].slice(i);
    const same = keyOf(child) ? rest.find(node => isLike(node, child)) : rest.slice(0, 1).find(node => isLike(node, child));
    if (!same) {
      parent.insertBefore(child, rest[0] ?? null);
      continue;
    }

    // What stood before it is gone: moving it would end a click in it.
    for (const gone of rest.slice(0, rest.indexOf(same))) {
      gone.remove();
    }

    if (same instanceof Element) {
      become(same, child as Element);
    } else if (same.nodeValue !== child.nodeValue) {
      same.nodeValue = child.nodeValue;
    }
  }

  [...parent.childNodes].slice(wanted.length).forEach(node => node.remove());
}

function keyOf(node: Node): string | undefined {
  return (node as HTMLElement).dataset?.['key'];
}

function isLike(one: Node, other: Node): boolean {
  return one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      parent.append(child);
    }
  }
}
