/// The style of the page. Hues differ in lightness too, and every colour that means something stands beside a word or
/// a shape; text and background of both themes differ by 4.5 to 1 at least (WCAG 2.2, AA).
enum PageStyle {
  static let text =
    base + "@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){" + dark + "}}\n"
    + "@media screen{:root[data-theme=dark]{" + dark + "}}\n" + layout + charts + tables + media

  private static let base = """
    :root{color-scheme:light;--bg:#f6f6f3;--card:#fff;--ink:#1c2126;--mute:#57606a;--line:#d9dcd8;--soft:#eeefeb;\
    --link:#1a5a9c;--error:#a3300f;--errbg:#fbe9e2;--warn:#755200;--warnbg:#fbf1d5;--note:#245c94;--notebg:#e6f0f9;\
    --pass:#0c6a58;--passbg:#e0f3ee;--bar:#6d9bc3;--out:#c2410c;--before:#1c2126;\
    --h1:#fdeadb;--h2:#fbd0ad;--h3:#f3a672;--h4:#d0662f;--h5:#8f3410;--h4t:#000;--h5t:#fff;\
    --t1:#2f6690;--t2:#6d9bc3;--t3:#c9a227;--t4:#7a5c99;--t5:#8a8f94;--t6:#3a8f7b;--t7:#d98a5b;--t8:#d9dcd8}

    """
  private static let dark = """
    color-scheme:dark;--bg:#15181b;--card:#1d2125;--ink:#e6e8ea;--mute:#a4adb5;--line:#363c42;--soft:#262b30;\
    --link:#8fbdec;--error:#ff9d7e;--errbg:#3b221a;--warn:#e9bd56;--warnbg:#352b14;--note:#93c0ee;--notebg:#1c2c3c;\
    --pass:#67d2bb;--passbg:#15302a;--bar:#5b89b3;--out:#ff8a5c;--before:#f2f4f5;\
    --h1:#35271f;--h2:#553522;--h3:#7e4a26;--h4:#cf7b40;--h5:#ffbb8a;--h4t:#000;--h5t:#000;\
    --t1:#7db4e0;--t2:#4d7ba6;--t3:#d9b53c;--t4:#a78bc9;--t5:#8a9197;--t6:#4fb39b;--t7:#e09a6d;--t8:#454c53
    """
  private static let layout = """
    *{box-sizing:border-box}
    html{scroll-padding-top:3.5rem}
    body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
    "Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
    main,footer,.bar0{max-width:1120px;margin:0 auto;padding:0 1.25rem}
    h1,h2,h3,h4,p,ul,ol,dl,figure{margin:0}
    h1{font-size:1.35rem;line-height:1.35;font-weight:500;margin-bottom:.75rem}
    h2{font-size:1.25rem;font-weight:650;margin:2.75rem 0 .9rem;letter-spacing:-.01em}
    h2.small{font-size:.8rem;font-weight:650;color:var(--mute);margin:0 0 .4rem;text-transform:uppercase;letter-spacing:.05em}
    h3{font-size:1rem;font-weight:600;display:flex;flex-wrap:wrap;gap:.5rem;align-items:baseline}
    h4{font-size:.8rem;font-weight:600;color:var(--mute);margin:.9rem 0 .35rem}
    a{color:var(--link)}
    code{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
    h3 code{font-size:1em}
    .d{unicode-bidi:isolate;white-space:pre-wrap}
    .v{background:var(--soft);border-radius:3px;padding:.05em .3em;-webkit-box-decoration-break:clone;box-decoration-break:clone}
    .skip{position:absolute;left:-999px}
    .skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem;z-index:9}
    :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
    .bar0{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;\
    background:var(--bg);min-height:3rem;max-width:none;padding:0 max(1.25rem,calc((100vw - 1080px)/2));border-bottom:1px solid var(--line)}
    .brand{font-weight:700;letter-spacing:-.01em}
    .brand span{font-weight:400;color:var(--mute);margin-left:.35rem}
    nav{display:flex;flex-wrap:wrap;gap:.1rem 1rem;flex:1;font-size:.9rem}
    nav a{color:var(--ink);text-decoration:none;padding:.35rem 0}
    nav a:hover{text-decoration:underline}
    button{font:inherit;font-size:.85rem;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;\
    padding:.25rem .7rem;cursor:pointer}
    .verdict{margin-top:1.5rem;background:var(--card);border:1px solid var(--line);border-radius:10px;border-top:5px solid;\
    display:grid;grid-template-columns:minmax(0,1.9fr) minmax(0,1fr);overflow:hidden}
    .failed{border-top-color:var(--error)}
    .incomplete{border-top-color:var(--warn)}
    .passed{border-top-color:var(--pass)}
    .head{padding:1.5rem 1.75rem}
    .head p{margin-top:.6rem;max-width:64ch}
    .word{display:block;font-size:2.25rem;line-height:1.15;font-weight:750;letter-spacing:-.025em}
    .word:before{margin-right:.45rem;font-size:.8em}
    .failed .word{color:var(--error)}
    .failed .word:before{content:"\\2715" / ""}
    .incomplete .word{color:var(--warn)}
    .incomplete .word:before{content:"!" / ""}
    .passed .word{color:var(--pass)}
    .passed .word:before{content:"\\2713" / ""}
    .reason{color:var(--mute);font-size:.9rem}
    .aside{padding:1.6rem 1.75rem;background:var(--soft);font-size:.9rem}
    .aside ul{padding-left:1.1rem;margin-bottom:1rem}
    .figures{grid-column:1/-1;display:grid;grid-template-columns:repeat(auto-fit,minmax(7.8rem,1fr));gap:1px;\
    background:var(--line);border-top:1px solid var(--line)}
    .figures div{background:var(--card);padding:.8rem .5rem .8rem 1.1rem}
    dt{color:var(--mute);font-size:.8rem}
    dd{margin:0;font-variant-numeric:tabular-nums}
    .figures dd{font-size:1.2rem;overflow-wrap:normal;font-weight:600;letter-spacing:-.01em}
    dd.error,td.error{color:var(--error);font-weight:650}
    dd.warning{color:var(--warn);font-weight:650}
    .next{grid-column:1/-1;padding:1.2rem 1.75rem;border-top:1px solid var(--line)}
    .next ol,.plain{list-style:none;padding:0;display:grid;gap:.6rem}
    .next li{display:grid;grid-template-columns:minmax(0,15rem) minmax(0,1fr);gap:.25rem 1rem;align-items:baseline;font-size:.92rem}
    .cmd{margin:.15rem 0 0;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.4rem .65rem;white-space:pre-wrap;\
    user-select:all;-webkit-user-select:all}
    .count,.hint{color:var(--mute);font-weight:400;font-size:.9rem}
    .count{font-size:.95rem;margin-left:.4rem}
    .hint{margin-bottom:.6rem}
    .badge{font-size:.75rem;font-weight:650;padding:.1rem .5rem;border-radius:99px;white-space:nowrap;line-height:1.45}
    .badge:before{margin-right:.35em;font-size:.8em}
    .badge.error{color:var(--error);background:var(--errbg)}
    .badge.error:before{content:"\\25A0" / ""}
    .badge.warning{color:var(--warn);background:var(--warnbg)}
    .badge.warning:before{content:"\\25B2" / ""}
    .badge.note{color:var(--note);background:var(--notebg)}
    .badge.note:before{content:"\\25CF" / ""}
    article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.4rem 1.25rem;margin-bottom:.9rem}
    article[hidden],tr[hidden],.tools[hidden],button[hidden]{display:none}
    .amount{color:var(--mute);font-size:.9rem;margin-top:.15rem}
    .what{margin-top:.6rem;font-weight:550;max-width:75ch}
    .why{max-width:75ch;margin-top:.25rem}
    .examples{list-style:none;padding:0;display:grid;gap:.5rem}
    .examples li{border-left:3px solid var(--line);padding:.1rem 0 .1rem .8rem;font-size:.92rem}
    .check.error .examples li{border-color:var(--error)}
    .check.warning .examples li{border-color:var(--warn)}
    .eq,.place{color:var(--mute)}
    .place{font-size:.85rem}
    details{margin-top:.9rem;font-size:.92rem}
    summary{cursor:pointer;color:var(--link);font-weight:550}
    details .plain{margin-top:.6rem}
    .tools{display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;align-items:center;margin-bottom:.8rem;font-size:.9rem;color:var(--mute)}
    .tools input[type=search]{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--mute);border-radius:6px;\
    padding:.3rem .6rem;margin-left:.4rem;width:15rem;max-width:100%}
    footer{color:var(--mute);font-size:.85rem;padding-top:2rem;padding-bottom:3rem}

    """
  private static let charts = """
    .field{content-visibility:auto;contain-intrinsic-size:auto 22rem}
    .cols{display:grid;grid-template-columns:minmax(0,1.45fr) minmax(0,1fr);gap:1rem 2rem;margin-top:.8rem;align-items:start}
    .types{display:block;width:100%;height:7px;margin-top:.6rem;border-radius:4px}
    .kinds{display:flex;flex-wrap:wrap;gap:0 1rem;font-size:.85rem;color:var(--mute);margin-top:.3rem}
    .k:before{content:"\\25A0" / "";margin-right:.35em}
    .k.t1:before{color:var(--t1)}.k.t2:before{color:var(--t2)}.k.t3:before{color:var(--t3)}.k.t4:before{color:var(--t4)}
    .k.t5:before{color:var(--t5)}.k.t6:before{color:var(--t6)}.k.t7:before{color:var(--t7)}.k.t8:before{color:var(--t8)}
    rect.t1{fill:var(--t1)}rect.t2{fill:var(--t2)}rect.t3{fill:var(--t3)}rect.t4{fill:var(--t4)}
    rect.t5{fill:var(--t5)}rect.t6{fill:var(--t6)}rect.t7{fill:var(--t7)}rect.t8{fill:var(--t8)}
    .hist svg{display:block;width:100%;height:7.5rem;border-bottom:1px solid var(--mute)}
    .strip{margin-top:1rem}
    .strip svg{display:block;width:100%;height:3.5rem;background:var(--soft);border-radius:4px}
    figcaption{font-size:.8rem;color:var(--mute);margin-top:.25rem;font-variant-numeric:tabular-nums}
    .ends{display:flex;justify-content:space-between;gap:1rem}
    .ends span:nth-child(odd){white-space:nowrap}
    .q dd{white-space:nowrap}
    article .scroll{margin-top:1rem}
    .rem{display:block}
    .bar{fill:var(--bar)}
    .out{fill:var(--out)}
    .fence,.limit,.before{fill:none;vector-effect:non-scaling-stroke;stroke-width:1.5px;stroke:var(--out)}
    .fence{stroke-dasharray:5 4}
    .limit{stroke-width:2.5px}
    .before{stroke:var(--before)}
    .box,.med,.odd{fill:none;stroke:var(--bar);opacity:.6}
    .med{stroke:var(--ink);opacity:1}
    .odd{stroke:var(--out);opacity:1}
    .stats{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.2rem,1fr));gap:.5rem .8rem;font-size:.92rem}
    .stats.q{grid-template-columns:repeat(auto-fill,minmax(4.6rem,1fr))}
    .stats.wide{grid-template-columns:1fr}
    .top{list-style:none;padding:0;font-size:.88rem}
    .top li{display:grid;grid-template-columns:4rem minmax(0,1fr) auto;gap:.2rem .7rem;align-items:center;padding:.1rem 0}
    .top code{justify-self:start}
    .top svg{width:100%;height:.55rem;background:var(--soft)}
    .top rect{fill:var(--bar)}
    .n{color:var(--mute);font-variant-numeric:tabular-nums}
    .pictures{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.9rem}
    .pictures li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.8rem}
    .pictures img{display:block;width:100%;height:9rem;object-fit:scale-down;background:var(--soft);border-radius:4px;margin-bottom:.5rem}
    .pictures p{margin-top:.3rem}
    .pictures .why{margin-top:0;color:var(--ink)}
    .pictures .place{font-size:.8rem}
    .map{margin-bottom:1.25rem}
    .row{display:grid;grid-template-columns:11.5rem minmax(0,1fr);gap:.75rem;align-items:center;margin-bottom:2px}
    .row svg{display:block;width:100%;height:1.15rem;background:var(--soft)}
    path.h1{fill:var(--h1);stroke:var(--h3);vector-effect:non-scaling-stroke;stroke-width:.5px}path.h2{fill:var(--h2)}path.h3{fill:var(--h3)}path.h4{fill:var(--h4)}path.h5{fill:var(--h5)}

    """
  private static let tables = """
    .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:var(--card);position:relative}
    table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--mute);padding:.7rem .9rem .3rem;font-size:.85rem;caption-side:top}
    th,td{padding:.3rem .65rem;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
    thead th{vertical-align:bottom;font-weight:600;color:var(--mute);border-top:0}
    th:first-child,th.s{text-align:left}
    tbody th{font-weight:400;white-space:normal;min-width:11rem;max-width:26rem}
    td.s{text-align:left}td.warning{color:var(--warn);font-weight:650}
    th.c{padding:.4rem .2rem}
    th.c span,th.c button{writing-mode:vertical-rl;transform:rotate(180deg);text-align:left;max-height:12rem}
    th button{border:0;background:none;color:inherit;font:inherit;padding:.15rem;font-weight:600;white-space:nowrap}
    th button:after{content:"\\2195" / "";margin-left:.3em;opacity:.65}
    th[aria-sort=ascending] button:after{content:"\\2191" / "";opacity:1}
    th[aria-sort=descending] button:after{content:"\\2193" / "";opacity:1}
    td.h1{background:var(--h1)}td.h2{background:var(--h2)}td.h3{background:var(--h3)}
    td.h4{background:var(--h4);color:var(--h4t)}td.h5{background:var(--h5);color:var(--h5t)}

    """
  /// On paper the theme is the light one, whatever was chosen, details are open, and the heads of tables come again on each
  /// page; a button in them would not be drawn there, so only its text is.
  private static let media = """
    @media screen and (max-width:760px){
    body{font-size:15px}
    main,footer{padding-left:.9rem;padding-right:.9rem}
    .bar0{padding:.4rem .9rem;position:static}
    html{scroll-padding-top:0}
    .brand{flex:1}
    nav{order:3;flex-basis:100%}
    .verdict,.cols{grid-template-columns:minmax(0,1fr)}
    .head,.aside,.next{padding:1.15rem 1.1rem}
    .word{font-size:1.9rem}
    h1{font-size:1.2rem}
    .figures{grid-template-columns:repeat(2,minmax(0,1fr))}
    .next li,.row{grid-template-columns:minmax(0,1fr)}
    .row{gap:0;margin-bottom:.4rem}
    article{padding:1rem}
    .tools label{flex-basis:100%}
    .tools .tick{flex-basis:auto}
    .tools input[type=search]{display:block;margin:.2rem 0 0;width:100%}
    .top li{grid-template-columns:2.5rem minmax(0,1fr) auto}
    tbody th{min-width:9rem;max-width:14rem}
    }
    @media print{
    @page{margin:14mm}
    html{font-size:11.5px}
    body{font-size:1rem;background:#fff}
    main,footer{max-width:none;padding:0 1px}
    footer{padding-top:1rem}
    h2{margin-top:1.6rem}
    .bar0,.tools,.skip{display:none}
    article,.verdict,.row,.pictures li,tr{break-inside:avoid}
    h2,h3,h4,.hint{break-after:avoid}
    .figures{grid-template-columns:repeat(auto-fit,minmax(6.5rem,1fr))}
    .figures dd{font-size:1.05rem}
    article,.head,.aside{padding:.9rem 1.1rem}
    .field{content-visibility:visible}
    details::details-content{content-visibility:visible;height:auto}
    summary{list-style:none;color:inherit}
    .plain{gap:.3rem}
    .plain li{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.6fr);gap:.75rem;align-items:baseline}
    .scroll{overflow:visible}
    table{font-size:.8rem}
    th,td{padding:.12rem .25rem;overflow-wrap:normal}
    tbody th{min-width:8rem;overflow-wrap:anywhere}
    caption{break-after:avoid}
    th button{display:contents}
    th button:after{content:none}
    th.c{padding:.2rem 0;writing-mode:vertical-rl;text-align:right}
    th.c span{transform:none}
    svg,td,dl,.badge,.k,.aside,.cmd,.v{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    }
    @media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
    @media(forced-colors:active){.bar,.top rect{fill:CanvasText}.out{fill:Highlight}.box,.med{stroke:CanvasText}.odd{stroke:Highlight}}

    """
}
