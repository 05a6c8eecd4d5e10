// Goes on to the app once the frames have loaded, or after three seconds, and once alone:
// the app may take a second visit for another logout. Old browsers included; without
// script the page goes on by itself.
(function () {
  var link = document.getElementById("onward");
  var timer = setTimeout(go, 3000);
  function go() {
    clearTimeout(timer);
    removeEventListener("load", go);
    location.replace(link.href);
  }
  addEventListener("load", go);
})();
