/** An id out of what was typed or pasted: with space, braces or an address around it too. */
export function visitIdOf(text: string): string | undefined {
  const ids = text.match(/(?<![0-9a-f-])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])/gi);
  return ids?.length === 1 ? ids[0].toLowerCase() : undefined;
}
