/**
 * Splits a command line as a shell would, without anything that a shell would carry out.
 *
 * Words are parted by white space. Single quotes keep everything; double quotes keep all but a backslash before `"` or
 * `\`; a backslash elsewhere keeps the next character.
 *
 * @param {string} text
 * @returns {string[]} No words for a blank line.
 * @throws {SyntaxError} With words for people, where a quote is not closed or nothing follows a backslash.
 */
export function splitCommand(text) {
  /** @type {string[]} */
  const words = [];
  /** @type {string | null} */
  let word = null;
  let quote = "";
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (quote !== "") {
      if (character === quote) quote = "";
      else if (quote === '"' && character === "\\" && /["\\]/.test(text[i + 1] ?? "")) word += text[++i];
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (character === "\\") {
      if (i + 1 === text.length) throw new SyntaxError("The command ends with a backslash. Remove it or write two.");
      word = (word ?? "") + text[++i];
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== "") throw new SyntaxError(`A quote (${quote}) in the command is not closed. Close it.`);
  if (word !== null) words.push(word);
  return words;
}

/**
 * Writes words as a command line that would be split into them again.
 *
 * @param {string[]} words
 */
export function joinCommand(words) {
  return words.map((word) => (/^[^\s"'\\]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
