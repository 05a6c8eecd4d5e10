// Says to a page of an app whether the login at this browser is still the one that the
// app's session_state was made for (OpenID Connect Session Management, section 3.2). Old
// browsers included, and pages without the browser's own cryptography.
(function () {
  "use strict";

  function browserState() {
    var found = /(?:^|; )(?:__Host-)?grantor-state=([^;]*)/.exec(document.cookie);
    return found ? found[1] : "";
  }

  function turn(x, n) {
    return (x >>> n) | (x << (32 - n));
  }

  // FIPS 180-4, section 6.2.2.
  function compress(state, w, k) {
    var v = state.slice();
    for (var i = 0; i < 64; i += 1) {
      if (i >= 16) {
        var x = w[i - 15];
        var y = w[i - 2];
        var s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
        var s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
        w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
      }
      var e = v[4];
      var a = v[0];
      var t1 = v[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
      var t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
      v.unshift((t1 + t2) | 0);
      v[4] = (v[4] + t1) | 0;
      v.pop();
    }
    return state.map(function (x, i) {
      return (x + v[i]) | 0;
    });
  }

  // SHA-256 of a text of ASCII, in hexadecimal.
  function fingerprint(text) {
    var state = [];
    var k = [];
    for (var n = 2; k.length < 64; n += 1) {
      var d = 2;
      while (d * d <= n && n % d !== 0) d += 1;
      if (d * d <= n) continue;
      if (state.length < 8) state.push((Math.pow(n, 1 / 2) * 0x100000000) | 0);
      k.push((Math.pow(n, 1 / 3) * 0x100000000) | 0);
    }
    var size = (((text.length + 8) >> 6) + 1) * 16;
    var words = [];
    for (var i = 0; i < size; i += 1) words.push(0);
    for (i = 0; i < text.length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i & 3) * 8);
    words[text.length >> 2] |= 0x80 << (24 - (text.length & 3) * 8);
    words[size - 1] = text.length * 8;
    for (i = 0; i < size; i += 16) state = compress(state, words.slice(i, i + 16), k);
    return state.map(function (x) {
      return ("0000000" + (x >>> 0).toString(16)).slice(-8);
    }).join("");
  }

  function answer(data, origin) {
    var asked = /^(\d+) ([0-9a-f]{64})\.([0-9a-f]+)$/.exec(data);
    if (!asked) return "error";
    var state = browserState();
    var now = fingerprint(asked[1] + " " + origin + " " + state + " " + asked[3]);
    return state !== "" && now === asked[2] ? "unchanged" : "changed";
  }

  // The origin that asks is part of what is compared: another one learns nothing.
  addEventListener("message", function (event) {
    event.source.postMessage(answer(event.data, event.origin), event.origin);
  });
})();
