/**
 * Cutting texts of any length for formats that have limits, or readers who have.
 */

/** The text, or its first `most` UTF-16 units and how much was left out. Never cuts a character in two. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const unit = text.charCodeAt(most - 1);
  const end = unit >= 0xd800 && unit < 0xdc00 ? most - 1 : most;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}
