// Runs once, when the reader (`element`) is on the page. A link `#cite:ID:START:END` or
// `#article:ID`, wherever it stands, opens the article; `#articles` the list; `#close` closes;
// `#ask` asks what the link says.
const shelf = element.querySelector("#shelf");
const narrow = window.matchMedia("(max-width: 860px)");
const columns = element.closest("#columns");
let cameFrom = null;
let asked = 0;

const bar = (isArticle) =>
  '<nav class="bar">' +
  (isArticle ? '<a href="#articles">← All articles</a>' : "") +
  '<span class="open-title"></span>' +
  '<a href="#close" class="close" aria-label="Close the reader">✕</a></nav>';

const place = (hash) => {
  const [kind, id, start, end] = hash.slice(1).split(":");
  if (kind === "articles") return [];
  return kind === "cite" ? [id, Number(start), Number(end)] : [id];
};

const fetched = async (where) => {
  try {
    return await server.opened(where);
  } catch {
    return '<p role="alert">⚠ The article cannot be loaded. Is Pincite still running?</p>';
  }
};

const show = async (where) => {
  const turn = ++asked;
  const html = await fetched(where);
  if (turn !== asked) return false; // another link was clicked meanwhile
  shelf.innerHTML = bar(where.length > 0) + html;
  const article = shelf.querySelector("article");
  if (article) shelf.querySelector(".open-title").textContent = article.ariaLabel;
  const cited = shelf.querySelector("mark");
  if (cited) cited.scrollIntoView({ block: "center" });
  else shelf.scrollTop = 0;
  return true;
};

const close = () => {
  columns.classList.remove("reading");
  if (cameFrom && cameFrom.isConnected) cameFrom.focus();
};

const open = async (link) => {
  if (!shelf.contains(link)) cameFrom = link;
  columns.classList.add("reading");
  document.querySelectorAll("a.cite.open").forEach((one) => one.classList.remove("open"));
  if (link.classList.contains("cite")) link.classList.add("open");
  if (!(await show(place(link.getAttribute("href"))))) return;
  (shelf.querySelector("mark") || shelf).focus({ preventScroll: true });
};

const ask = (question) => {
  const box = document.querySelector("#question textarea");
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true }));
};

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || !/^#(cite:|article:|articles$|close$|ask$)/.test(link.getAttribute("href"))) return;
    event.preventDefault();
    event.stopPropagation();
    const target = link.getAttribute("href");
    if (target === "#close") close();
    else if (target === "#ask") ask(link.textContent);
    else open(link);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && narrow.matches) close();
});

// Gradio labels each message with its source, which a screen reader would spell out.
const unlabel = () =>
  document
    .querySelectorAll("#messages [data-testid][aria-label]")
    .forEach((message) => message.removeAttribute("aria-label"));
new MutationObserver(unlabel).observe(document.body, {
  attributeFilter: ["aria-label"],
  childList: true,
  subtree: true,
});

show([]);
