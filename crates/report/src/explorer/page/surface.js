
/* Two surfaces to draw on, with the same four verbs. SVG can be selected and printed and is used up
   to SVG_MESSAGES messages; above that a canvas is several times as fast.

   A look says how something is painted: colours are names of the style sheet, `fade` is for what
   is not in the causal past. */

const SVG_MESSAGES = 2000;
const FADED = 0.2;
const FONT = "12px system-ui, sans-serif";

class SvgSurface {
  constructor(svg) {
    this.svg = svg;
  }

  begin(width, height) {
    this.svg.replaceChildren();
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", height);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  }

  /* The tag says what an element shows, for those who look into the page. */
  add(name, attributes, look, tag) {
    // The name space is that of the element in the page, so that it need not be written out.
    const element = document.createElementNS(this.svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.setAttribute("fill", look.fill ? `var(--${look.fill})` : "none");
    if (look.stroke) {
      element.setAttribute("stroke", `var(--${look.stroke})`);
      element.setAttribute("stroke-width", look.width ?? 1.4);
    }
    if (look.dash) element.setAttribute("stroke-dasharray", look.dash.join(" "));
    if (look.fade) element.setAttribute("opacity", FADED);
    if (tag) element.dataset.tag = tag;
    this.svg.append(element);
    return element;
  }

  line(x1, y1, x2, y2, look, tag) {
    this.path([[x1, y1], [x2, y2]], false, look, tag);
  }

  box(x, y, width, height, look, tag) {
    const [w, h] = [near(width), near(height)];
    this.add("rect", { x: near(x), y: near(y), width: w, height: h }, look, tag);
  }

  path(points, closed, look, tag) {
    const d = points.map(([x, y]) => `${near(x)} ${near(y)}`).join("L");
    this.add("path", { d: `M${d}${closed ? "Z" : ""}` }, look, tag);
  }

  circle(x, y, r, look, tag) {
    this.add("circle", { cx: near(x), cy: near(y), r }, look, tag);
  }

  text(x, y, text, look, anchor) {
    const attributes = { x: near(x), y: near(y), "font-size": 12 };
    attributes["text-anchor"] = anchor ?? "start";
    if (look.bold) attributes["font-weight"] = 600;
    // A rim in the colour of the ground keeps texts apart from the lines that they lie on.
    const rim = { "paint-order": "stroke", "stroke-linejoin": "round" };
    const rimmed = { ...look, stroke: "ground", width: 3.5 };
    this.add("text", { ...attributes, ...rim }, rimmed).textContent = text;
  }
}

class CanvasSurface {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  begin(width, height) {
    // A canvas of more than this many pixels stays empty in some browsers.
    const scale = Math.min(window.devicePixelRatio || 1, 16000 / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    const style = getComputedStyle(document.documentElement);
    this.colors = new Map();
    this.color = (name) => {
      if (!this.colors.has(name)) this.colors.set(name, style.getPropertyValue(`--${name}`).trim());
      return this.colors.get(name);
    };
  }

  paint(look) {
    const { context } = this;
    context.globalAlpha = look.fade ? FADED : 1;
    context.setLineDash(look.dash ?? []);
    if (look.fill) {
      context.fillStyle = this.color(look.fill);
      context.fill();
    }
    if (look.stroke) {
      context.strokeStyle = this.color(look.stroke);
      context.lineWidth = look.width ?? 1.4;
      context.stroke();
    }
  }

  line(x1, y1, x2, y2, look) {
    this.path([[x1, y1], [x2, y2]], false, look);
  }

  box(x, y, width, height, look) {
    this.context.beginPath();
    this.context.rect(x, y, width, height);
    this.paint(look);
  }

  path(points, closed, look) {
    this.context.beginPath();
    for (const [x, y] of points) this.context.lineTo(x, y);
    if (closed) this.context.closePath();
    this.paint(look);
  }

  circle(x, y, r, look) {
    this.context.beginPath();
    this.context.arc(x, y, r, 0, 2 * Math.PI);
    this.paint(look);
  }

  text(x, y, text, look, anchor) {
    const { context } = this;
    context.globalAlpha = look.fade ? FADED : 1;
    context.font = look.bold ? `600 ${FONT}` : FONT;
    context.textAlign = { middle: "center", end: "right" }[anchor] ?? "left";
    context.setLineDash([]);
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = this.color("ground");
    context.strokeText(text, x, y);
    context.fillStyle = this.color(look.fill);
    context.fillText(text, x, y);
  }
}

function near(value) {
  return Math.round(value * 10) / 10;
}

const ruler = document.createElement("canvas").getContext("2d");
ruler.font = FONT;

/* How wide a text will be, in pixels. */
function widthOf(text) {
  return ruler.measureText(text).width;
}

/* The text, cut where it is wider than there is room. */
function cut(text, room) {
  if (widthOf(text) <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && widthOf(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("")}…`;
}

const drawing = document.getElementById("drawing");
const surface = messageCount > SVG_MESSAGES
  ? new CanvasSurface(document.getElementById("canvas"))
  : new SvgSurface(document.getElementById("svg"));
document.getElementById("svg").toggleAttribute("hidden", messageCount > SVG_MESSAGES);
document.getElementById("canvas").toggleAttribute("hidden", messageCount <= SVG_MESSAGES);
