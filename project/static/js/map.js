// The map: loaded outlines, no tiles, colors from the style sheet. The list beside it has the same information as text.
(function () {
  "use strict";
  var box = document.getElementById("map");
  var data = document.getElementById("map-data");
  if (!box || !data || !window.L) return;
  var layers = JSON.parse(data.textContent);
  var home = layers[Object.keys(layers)[0]].home;
  var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  box.textContent = "";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", box.dataset.label);
  var map = L.map(box, {
    scrollWheelZoom: false, zoomSnap: 0.1, attributionControl: false, zoomControl: false,
    zoomAnimation: !still, fadeAnimation: !still, inertia: !still
  });
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
  var drawn = L.featureGroup().addTo(map);

  function styleOf(kind) {
    if (kind === "next") return { className: "next", weight: 3, dashArray: "7 6", fillOpacity: 0, opacity: 1 };
    return { className: kind, weight: kind === "mine" ? 4 : 1.5, opacity: 1, fillOpacity: 1 };
  }

  function draw(layer) {
    drawn.clearLayers();
    ["other", "mine", "next"].forEach(function (kind) {
      layer.shapes.filter(function (shape) { return shape.kind === kind; }).forEach(function (shape) {
        L.geoJSON(shape.geometry, { interactive: false, style: styleOf(kind) }).addTo(drawn);
        if (kind === "next") return;
        L.tooltip({ permanent: true, direction: "center", className: kind === "mine" ? "lbl me" : "lbl" })
          .setLatLng(shape.at).setContent(document.createTextNode(shape.name)).addTo(drawn);
      });
    });
    if (layer.home) {
      L.circleMarker(layer.home, {
        radius: 9, weight: 2.5, className: "you", opacity: 1, fillOpacity: 1, interactive: false
      }).addTo(drawn);
    }
    map.fitBounds(layer.frame, { animate: false });
  }

  // Layers that the page does not show at first are fetched when they are opened, and kept. Their address is the page's.
  function show(link) {
    var name = link.dataset.layer;
    if (layers[name]) return draw(layers[name]);
    fetch(link.dataset.src, { credentials: "omit" }).then(function (response) {
      if (!response.ok) throw new Error(response.status);
      return response.json();
    }).then(function (layer) {
      layer.home = home;
      layers[name] = layer;
      if (link.hasAttribute("aria-current")) draw(layer);
    }).catch(function () {
      if (link.getAttribute("href").charAt(0) === "?") window.location.href = link.href;
    });
  }

  var links = document.querySelectorAll("[data-layer]");
  links.forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      links.forEach(function (other) { other.removeAttribute("aria-current"); });
      link.setAttribute("aria-current", "true");
      show(link);
    });
  });
  if (links.length > 1) {
    document.querySelectorAll("[data-needs-script]").forEach(function (part) { part.hidden = false; });
  }
  var first = document.querySelector("[data-layer][aria-current]");
  draw(layers[first ? first.dataset.layer : Object.keys(layers)[0]]);
})();
