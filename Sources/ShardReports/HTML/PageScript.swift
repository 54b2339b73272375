/// The script of the page: theme, filters, sorting. It adds controls to what is there already, reads only what the page
/// holds, writes no markup, and keeps nothing but the theme.
enum PageScript {
  static let text = """
    (function(){
    "use strict";
    var root=document.documentElement;
    function all(selector,from){return Array.prototype.slice.call((from||document).querySelectorAll(selector))}
    function get(id){return document.getElementById(id)}
    var theme=get("theme");
    var dark=window.matchMedia("(prefers-color-scheme: dark)");
    function isDark(){var chosen=root.getAttribute("data-theme");return chosen?chosen==="dark":dark.matches}
    function label(){theme.textContent=isDark()?"Light theme":"Dark theme"}
    try{var kept=localStorage.getItem("shardcheck-theme");if(kept==="dark"||kept==="light")root.setAttribute("data-theme",kept)}catch(e){}
    theme.hidden=false;
    label();
    theme.addEventListener("click",function(){
    var next=isDark()?"light":"dark";
    root.setAttribute("data-theme",next);
    try{localStorage.setItem("shardcheck-theme",next)}catch(e){}
    label();
    });
    if(dark.addEventListener)dark.addEventListener("change",label);
    function filter(prefix,items,text){
    var query=get(prefix+"-q"),only=get(prefix+"-f"),count=get(prefix+"-n");
    if(!query)return;
    query.closest(".tools").hidden=false;
    var words=items.map(function(item){return text(item).toLowerCase()});
    function apply(){
    var wanted=query.value.trim().toLowerCase(),shown=0;
    items.forEach(function(item,index){
    var fits=words[index].indexOf(wanted)>=0&&(!only.checked||item.hasAttribute("data-f"));
    item.hidden=!fits;
    if(fits)shown++;
    });
    count.textContent=shown===items.length?"":shown+" of "+items.length;
    }
    query.addEventListener("input",apply);
    only.addEventListener("change",apply);
    }
    filter("field",all("#fields article"),function(item){return item.getAttribute("data-q")});
    var table=get("shard-t");
    if(table){
    var body=table.tBodies[0],rows=all("tr",body);
    filter("shard",rows,function(row){return row.cells[0].textContent});
    var heads=all("thead th",table);
    heads.forEach(function(head,column){
    var button=document.createElement("button");
    button.type="button";
    var inner=head.querySelector("span");
    button.textContent=head.textContent;
    if(inner)head.removeChild(inner);
    head.textContent="";
    head.appendChild(button);
    button.addEventListener("click",function(){
    var isText=column<2;
    var now=head.getAttribute("aria-sort");
    var up=now?now==="descending":isText;
    heads.forEach(function(other){other.removeAttribute("aria-sort")});
    head.setAttribute("aria-sort",up?"ascending":"descending");
    var keys=rows.map(function(row,index){
    var text=row.cells[column].textContent;
    return{row:row,index:index,key:isText?text:Number(text.replace(/,/g,""))||0};
    });
    keys.sort(function(a,b){
    var order=a.key<b.key?-1:a.key>b.key?1:0;
    return(up?order:-order)||a.index-b.index;
    });
    var sorted=document.createDocumentFragment();
    keys.forEach(function(entry){sorted.appendChild(entry.row)});
    body.appendChild(sorted);
    });
    });
    }
    var closed=[];
    window.addEventListener("beforeprint",function(){
    closed=all("details:not([open])");
    closed.forEach(function(item){item.open=true});
    });
    window.addEventListener("afterprint",function(){closed.forEach(function(item){item.open=false})});
    })();
    """
}
