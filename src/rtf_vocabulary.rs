//! The control words of Rich Text: which there are, and what they are for.
//!
//! From the Rich Text Format Specification 1.9.1 (Microsoft, 2008), appendix B of 1.7 with what the later versions added.
//! Data for both sides: the cleaner keeps no other word, and the proof knows no other. What becomes of each word is decided
//! on either side by itself.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a control word is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Begins a destination: what follows up to the end of the group is not, or not only, text of the document.
    Destination,
    /// Begins a part of a formula.
    Mathematics,
    /// Stands for a character, a break or the end of something.
    Content,
    /// Formats characters.
    Characters,
    /// Anything else: layout of paragraphs, tables, sections and drawings, properties of the document, fonts and styles.
    Layout,
}

/// What a control word is for; `None` for words that the specification does not have.
pub(crate) fn purpose(word: &str) -> Option<Purpose> {
    static WORDS: LazyLock<HashMap<&str, Purpose>> = LazyLock::new(|| {
        let lists = [
            (LAYOUT, Purpose::Layout),
            (CHARACTERS, Purpose::Characters),
            (CONTENT, Purpose::Content),
            (MATHEMATICS, Purpose::Mathematics),
            (DESTINATIONS, Purpose::Destination),
        ];
        lists
            .into_iter()
            .flat_map(|(words, purpose)| words.split_ascii_whitespace().map(move |word| (word, purpose)))
            .collect()
    });
    WORDS.get(word).copied()
}

/// True for a property of shapes (1.9.1, "Drawing Object Properties", and \[MS-ODRAW\]) that is a number, a colour, a list of
/// numbers or a picture.
pub(crate) fn is_shape_property(name: &str) -> bool {
    SHAPE_PROPERTIES.split_ascii_whitespace().any(|property| property == name)
}

/// Words that begin a destination: text behind them up to the end of the group is not, or not only, text of the document.
const DESTINATIONS: &str = "
    aftncn aftnsep aftnsepc annotation atnauthor atndate atnicn atnid atnparent atnref atntime atrfend atrfstart
    author background bkmkend bkmkstart blipuid buptim category colorschememapping colortbl comment company creatim
    datafield datastore defchp defpap do doccomm docvar dptxbxtext ebcend ebcstart factoidname falt fchars ffdeftext
    ffentrymcr ffexitmcr ffformat ffhelptext ffl ffname ffstattext field file filetbl fldinst fldrslt fldtype fname
    fontemb fontfile fonttbl footer footerf footerl footerr footnote formfield ftncn ftnsep ftnsepc generator gridtbl
    header headerf headerl headerr hl hlfr hlinkbase hlloc hlsrc hsv info keycode keywords latentstyles lchars
    levelnumbers leveltext lfolevel linkval list listlevel listname listoverride listoverridetable listpicture
    liststylename listtable listtext lsdlockedexcept mailmerge manager mmaddfieldname mmathPict mmathPr mmconnectstr
    mmconnectstrdata mmdatasource mmheadersource mmmailsubject mmodso mmodsofilter mmodsofldmpdata mmodsomappedname
    mmodsoname mmodsorecipdata mmodsosort mmodsosrc mmodsotable mmodsoudl mmodsoudldata mmodsouniquetag mmquery mvfmf
    mvfml mvtof mvtol nesttableprops nextfile nonesttables nonshppict objalias objclass objdata object objname
    objsect objtime oldcprops oldpprops oldsprops oldtprops oleclsid operator panose password passwordhash pgp pgptbl
    picprop pict pn pnseclvl pntext pntxta pntxtb printim private propname protend protstart protusertbl pxe result
    revtbl revtim rsidtbl rtf rxe shp shpgrp shpinst shppict shprslt shptxt sn sp staticval stylesheet subject sv svb
    tc template themedata title txe ud upr userprops wgrffmtfilter windowcaption writereservation writereservhash xe
    xmlattrname xmlattrvalue xmlclose xmlname xmlnstbl xmlopen
";

/// Words of formulas (1.9.1, "Math"); all of them begin a group.
const MATHEMATICS: &str = "
    macc maccPr maln malnScr margPr margSz mbar mbarPr mbaseJc mbegChr mborderBox mborderBoxPr mbox mboxPr mbrk
    mbrkBin mbrkBinSub mcGp mcGpRule mcSp mchr mcount mctrlPr md mdPr mdefJc mdeg mdegHide mden mdiff mdiffSty
    mdispDef me mendChr meqArr meqArrPr mf mfName mfPr mfunc mfuncPr mgroupChr mgroupChrPr mgrow mhideBot mhideLeft
    mhideRight mhideTop mintLim minterSp mintraSp mjc mlMargin mlim mlimLoc mlimLow mlimLowPr mlimUpp mlimUppPr mlit
    mm mmPr mmath mmathFont mmaxDist mmc mmcJc mmcPr mmcs mmr mnary mnaryLim mnaryPr mnoBreak mnor mnum moMath
    moMathPara moMathParaPr mobjDist mopEmu mphant mphantPr mplcHide mpos mpostSp mpreSp mr mrMargin mrPr mrSp
    mrSpRule mrad mradPr msPre msPrePr msSSub msSSubPr msSub msSubPr msSubSup msSubSupPr msSup msSupPr mscr msepChr
    mshow mshp msmallFrac mstrikeBLTR mstrikeH mstrikeTLBR mstrikeV msty msub msubHide msup msupHide mtransp mtype
    muser mvertJc mwrapIndent mwrapRight mzeroAsc mzeroDesc mzeroWid
";

/// Words that stand for a character, a break or the end of something.
const CONTENT: &str = "
    bullet cell chatn chdate chdpa chdpl chftn chftnsep chftnsepc chpgn chtime column emdash emspace endash enspace
    lbr ldblquote line lquote ltrmark nestcell nestrow page par qmspace rdblquote row rquote rtlmark sect sectnum
    softcol softline softpage tab zwbo zwj zwnbo zwnj
";

/// Words that format characters.
const CHARACTERS: &str = "
    ab acaps acccircle acccomma accdot accnone accunderdot acf adn aexpnd af afs ai alang animtext aoutl ascaps ashad
    astrike aul auld auldb aulnone aulw aup b caps cb cchs cf cgrid charscalex chbgbdiag chbgcross chbgdcross
    chbgdkbdiag chbgdkcross chbgdkdcross chbgdkfdiag chbgdkhoriz chbgdkvert chbgfdiag chbghoriz chbgvert chbrdr
    chcbpat chcfpat chshdng cs dbch dn embo expnd expndtw f fcs fittext fs g gcw hich highlight horzvert i impr
    kerning lang langfe langfenp langnp loch ltrch noproof nosectexpand nosupersub outl plain rtlch scaps shad strike
    striked sub super twoinone uc ul ulc uld uldash uldashd uldashdd uldb ulhair ulhwave ulldash ulnone ulth ulthd
    ulthdash ulthdashd ulthdashdd ulthldash ululdbwave ulw ulwave up v webhidden
";

/// All other words: the layout of paragraphs, tables, sections and drawings, properties of the document, fonts and styles.
const LAYOUT: &str = "
    ApplyBrkRules absh abslock absnoovrlp absw additive adeff adeflang adjustright aenddoc aendnotes afelev affixed
    aftnbj aftnnalc aftnnar aftnnauc aftnnchi aftnnchosung aftnncnum aftnndbar aftnndbnum aftnndbnumd aftnndbnumk
    aftnndbnumt aftnnganada aftnngbnum aftnngbnumd aftnngbnumk aftnngbnuml aftnnrlc aftnnruc aftnnzodiac aftnnzodiacd
    aftnnzodiacl aftnrestart aftnrstcont aftnstart aftntj allowfieldendsel allprot alntblind alt annotprot ansi
    ansicpg asianbrkrule aspalpha aspnum autofmtoverride bdbfhdr bdrrlswsix bgbdiag bgcross bgdcross bgdkbdiag
    bgdkcross bgdkdcross bgdkfdiag bgdkhoriz bgdkvert bgfdiag bghoriz bgvert bin binfsxn binsxn bkmkcolf bkmkcoll
    bkmkpub bliptag blipupi blue bookfold bookfoldrev bookfoldsheets box brdrart brdrb brdrbar brdrbtw brdrcf
    brdrdash brdrdashd brdrdashdd brdrdashdotstr brdrdashsm brdrdb brdrdot brdremboss brdrengrave brdrframe brdrhair
    brdrinset brdrl brdrnil brdrnone brdroutset brdrr brdrs brdrsh brdrt brdrtbl brdrth brdrthtnlg brdrthtnmg
    brdrthtnsg brdrtnthlg brdrtnthmg brdrtnthsg brdrtnthtnlg brdrtnthtnmg brdrtnthtnsg brdrtriple brdrw brdrwavy
    brdrwavydb brkfrm brsp bxe caccentfive caccentfour caccentone caccentsix caccentthree caccenttwo cachedcolbal
    cbackgroundone cbackgroundtwo cbpat cellx cfollowedhyperlink cfpat charrsid chyperlink clFitText clNoWrap
    clbgbdiag clbgcross clbgdcross clbgdkbdiag clbgdkcross clbgdkdcross clbgdkfdiag clbgdkhor clbgdkvert clbgfdiag
    clbghoriz clbgvert clbrdrb clbrdrl clbrdrr clbrdrt clcbpat clcbpatraw clcfpat clcfpatraw cldel cldelauth
    cldeldttm cldgll cldglu clftsWidth clhidemark clins clinsauth clinsdttm clmgf clmrg clmrgd clmrgdauth clmrgddttm
    clmrgdr clpadb clpadfb clpadfl clpadfr clpadft clpadl clpadr clpadt clshdng clshdngraw clshdrawnil clspb clspfb
    clspfl clspfr clspft clspl clsplit clsplitr clspr clspt cltxbtlr cltxlrtb cltxlrtbv cltxtbrl cltxtbrlv clvertalb
    clvertalc clvertalt clvmgf clvmrg clwWidth cmaindarkone cmaindarktwo cmainlightone cmainlighttwo collapsed colno
    cols colsr colsx colw contextualspace cpg crauth crdate cshade ctextone ctexttwo ctint ctrl cts cufi culi curi
    cvmme date deff defformat deflang deflangfe defshp deftab deleted delrsid dfrauth dfrdate dfrmtxtx dfrmtxty
    dfrstart dfrstop dfrxst dghorigin dghshow dghspace dgmargin dgsnap dgvorigin dgvshow dgvspace dibitmap disabled
    dntblnsbdb dobxcolumn dobxmargin dobxpage dobymargin dobypage dobypara doctemp doctype dodhgt dolock
    donotembedlingdata donotembedsysfont donotshowcomments donotshowinsdel donotshowmarkup donotshowprops dpaendhol
    dpaendl dpaendsol dpaendw dparc dparcflipx dparcflipy dpastarthol dpastartl dpastartsol dpastartw dpcallout dpcoa
    dpcoaccent dpcobestfit dpcoborder dpcodabs dpcodbottom dpcodcenter dpcodescent dpcodtop dpcolength dpcominusx
    dpcominusy dpcooffset dpcosmarta dpcotdouble dpcotright dpcotsingle dpcottriple dpcount dpellipse dpendgroup
    dpfillbgcb dpfillbgcg dpfillbgcr dpfillbggray dpfillbgpal dpfillfgcb dpfillfgcg dpfillfgcr dpfillfggray
    dpfillfgpal dpfillpat dpgroup dpline dplinecob dplinecog dplinecor dplinedado dplinedadodo dplinedash dplinedot
    dplinegray dplinehollow dplinepal dplinesolid dplinew dppolycount dppolygon dppolyline dpptx dppty dprect
    dproundr dpshadow dpshadx dpshady dptxbtlr dptxbx dptxbxmar dptxlrtb dptxlrtbv dptxtbrl dptxtbrlv dpx dpxsize dpy
    dpysize dropcapli dropcapt ds dxfrtext dy edmins emfblip enddoc endnhere endnotes enforceprot expshrtn faauto
    facenter facingp fafixed fahang faroman favar fbias fbidi fbidis fbimajor fbiminor fcharset fdbmajor fdbminor
    fdecor felnbrelev fet fetch ffdefres ffhaslistbox ffhps ffmaxlen ffownhelp ffownstat ffprot ffrecalc ffres ffsize
    fftype fftypetxt fhimajor fhiminor fi fid fjgothic fjminchou fldalt flddirty fldedit fldlock fldpriv flomajor
    flominor flyanchor flyhorz flyvert fmodern fn fnetwork fnil fnonfilesys footery forceupgrade formdisp formprot
    formshade fosnum fprq fracwidth frelative frmtxbtlr frmtxlrtb frmtxlrtbv frmtxtbrl frmtxtbrlv froman fromhtml
    fromtext fscript fswiss ftnalt ftnbj ftnil ftnlytwnine ftnnalc ftnnar ftnnauc ftnnchi ftnnchosung ftnncnum
    ftnndbar ftnndbnum ftnndbnumd ftnndbnumk ftnndbnumt ftnnganada ftnngbnum ftnngbnumd ftnngbnumk ftnngbnuml ftnnrlc
    ftnnruc ftnnzodiac ftnnzodiacd ftnnzodiacl ftnrestart ftnrstcont ftnrstpg ftnstart ftntj fttruetype fvaliddos
    fvalidhpfs fvalidmac fvalidntfs green grfdocevents gutter gutterprl guttersxn headery horzdoc horzsect hr hrule
    htmautsp htmlbase htmlrtf hwelev hyphauto hyphcaps hyphconsec hyphhotz hyphpar id ignoremixedcontent
    ilfomacatclnup ilvl indmirror indrlsweleven insrsid intbl ipgp irow irowband itap ixe jclisttab jcompress jexpand
    jis jpegblip jsksu keep keepn krnprsnet ksulang landscape lastrow level levelfollow levelindent leveljc leveljcn
    levellegal levelmarker levelnfc levelnfcn levelnorestart levelold levelpicture levelpicturenosize levelprev
    levelprevspace levelspace levelstartat leveltemplateid li lin linebetcol linecont linemod lineppage linerestart
    linestart linestarts linex linkself linkstyles lisa lisb listhybrid listid listoverridecount listoverrideformat
    listoverridestart listoverridestartat listrestarthdn listsimple liststyleid listtemplateid lnbrkrule lndscpsxn
    lnongrid ls lsdlocked lsdlockeddef lsdpriority lsdprioritydef lsdqformat lsdqformatdef lsdsemihidden
    lsdsemihiddendef lsdstimax lsdunhideused lsdunhideuseddef ltrdoc ltrpar ltrrow ltrsect lvltentative lytcalctblwd
    lytexcttp lytprtmet lyttblrtgr mac macpict makebackup margb margbsxn margl marglsxn margmirror margmirsxn margr
    margrsxn margt margtsxn mcs min mmattach mmblanklines mmdatatypeaccess mmdatatypeexcel mmdatatypefile
    mmdatatypeodbc mmdatatypeodso mmdatatypeqt mmdefaultsql mmdestemail mmdestfax mmdestnewdoc mmdestprinter mmerrors
    mmfttypeaddress mmfttypebarcode mmfttypedbcolumn mmfttypemapped mmfttypenull mmfttypesalutation mmjdsotype
    mmlinktoquery mmmaintypecatalog mmmaintypeemail mmmaintypeenvelopes mmmaintypefax mmmaintypelabels
    mmmaintypeletters mmodsoactive mmodsocoldelim mmodsocolumn mmodsodynaddr mmodsofhdr mmodsofmcolumn mmodsohash
    mmodsolid mmreccur mmshowdata mo msmcap mvauth mvdate mvf mvt newtblstyruls noafcnsttbl nobrkwrptbl nocolbal
    nocompatoptions nocwrap nocxsptable noextrasprl nofchars nofcharsws nofeaturethrottle nofpages nofwords
    nogrowautofit noindnmbrts nojkernpunct nolead noline nolnhtadjtbl nooverflow noqfpromote nosnaplinegrid
    nospaceforul notabind notbrkcnstfrctbl notcvasp notvatxbx nouicompat noultrlspc nowidctlpar nowrap nowwrap
    noxlattoyen objalign objattph objautlink objcropb objcropl objcropr objcropt objemb objh objhtml objicemb objlink
    objlock objocx objpub objscalex objscaley objsetsize objsub objtransy objupdate objw ogutter oldas oldlinewrap
    otblrul outlinelevel overlay pagebb paperh paperw pararsid pard pc pca pgbrdrb pgbrdrfoot pgbrdrhead pgbrdrl
    pgbrdropt pgbrdrr pgbrdrsnap pgbrdrt pghsxn pgnbidia pgnbidib pgnchosung pgncnum pgncont pgndbnum pgndbnumd
    pgndbnumk pgndbnumt pgndec pgndecd pgnganada pgngbnum pgngbnumd pgngbnumk pgngbnuml pgnhindia pgnhindib pgnhindic
    pgnhindid pgnhn pgnhnsc pgnhnsh pgnhnsm pgnhnsn pgnhnsp pgnid pgnlcltr pgnlcrm pgnrestart pgnstart pgnstarts
    pgnthaia pgnthaib pgnthaic pgnucltr pgnucrm pgnvieta pgnx pgny pgnzodiac pgnzodiacd pgnzodiacl pgwsxn phcol phmrg
    phpg picbmp picbpp piccropb piccropl piccropr piccropt pich pichgoal picscaled picscalex picscaley picw picwgoal
    pindtabqc pindtabql pindtabqr pmartabqc pmartabql pmartabqr pmmetafile pnacross pnaiu pnaiud pnaiueo pnaiueod pnb
    pnbidia pnbidib pncaps pncard pncf pnchosung pncnum pndbnum pndbnumd pndbnumk pndbnuml pndbnumt pndec pndecd pnf
    pnfs pnganada pngblip pngbnum pngbnumd pngbnumk pngbnuml pnhang pni pnindent pniroha pnirohad pnlcltr pnlcrm
    pnlvl pnlvlblt pnlvlbody pnlvlcont pnnumonce pnord pnordt pnprev pnqc pnql pnqr pnrauth pnrdate pnrestart pnrnfc
    pnrnot pnrpnbr pnrrgb pnrstart pnrstop pnrxst pnscaps pnsp pnstart pnstrike pnucltr pnucrm pnul pnuld pnuldash
    pnuldashd pnuldashdd pnuldb pnulhair pnulnone pnulth pnulw pnulwave pnzodiac pnzodiacd pnzodiacl posnegx posnegy
    posx posxc posxi posxl posxo posxr posy posyb posyc posyil posyin posyout posyt prauth prcolbl prdate printdata
    proptype protect protlevel psover psz ptabldot ptablmdot ptablminus ptablnone ptabluscore pubauto pvmrg pvpara
    pvpg qc qd qj qk ql qr qt rawbgdkbdiag rawclbgbdiag rawclbgcross rawclbgdcross rawclbgdkbdiag rawclbgdkcross
    rawclbgdkdcross rawclbgdkfdiag rawclbgdkhor rawclbgdkvert rawclbgfdiag rawclbghoriz rawclbgvert
    readonlyrecommended readprot red relyonvml remdttm rempersonalinfo revauth revauthdel revbar revdttm revdttmdel
    revised revisions revprop revprot ri rin rsid rsidroot rsltbmp rslthtml rsltmerge rsltpict rsltrtf rslttxt rtldoc
    rtlgutter rtlpar rtlrow rtlsect s sa saauto saftnnalc saftnnar saftnnauc saftnnchi saftnnchosung saftnncnum
    saftnndbar saftnndbnum saftnndbnumd saftnndbnumk saftnndbnumt saftnnganada saftnngbnum saftnngbnumd saftnngbnumk
    saftnngbnuml saftnnrlc saftnnruc saftnnzodiac saftnnzodiacd saftnnzodiacl saftnrestart saftnrstcont saftnstart
    sautoupd saveinvalidxml saveprevpict sb sbasedon sbauto sbkcol sbkeven sbknone sbkodd sbkpage sbys scompose sec
    sectd sectdefaultcl sectexpand sectlinegrid sectrsid sectspecifycl sectspecifygen sectspecifyl sectunlocked
    sftnbj sftnnalc sftnnar sftnnauc sftnnchi sftnnchosung sftnncnum sftnndbar sftnndbnum sftnndbnumd sftnndbnumk
    sftnndbnumt sftnnganada sftnngbnum sftnngbnumd sftnngbnumk sftnngbnuml sftnnrlc sftnnruc sftnnzodiac sftnnzodiacd
    sftnnzodiacl sftnrestart sftnrstcont sftnrstpg sftnstart sftntj shading shidden shift showplaceholdtext
    showxmlerrors shpbottom shpbxcolumn shpbxignore shpbxmargin shpbxpage shpbyignore shpbymargin shpbypage shpbypara
    shpfblwtxt shpfhdr shpleft shplid shplockanchor shpright shptop shpwr shpwrk shpz sl slink slmult slocked
    snaptogridincell snext softlheight spersonal spltpgpar splytwnine spriority sprsbsp sprslnsp sprsspbf sprstsm
    sprstsp spv sqformat srauth srdate sreply ssemihidden stextflow stshfbi stshfdbch stshfhich stshfloch stylelock
    stylelockbackcomp stylelockenforced stylelockqfset stylelocktheme stylesortmethod styrsid subdocument
    subfontbysize sunhideused swpbdr tabsnoovrlp taprtl tb tblind tblindtype tbllkbestfit tbllkborder tbllkcolor
    tbllkfont tbllkhdrcols tbllkhdrrows tbllklastcol tbllklastrow tbllknocolband tbllknorowband tbllkshading tblrsid
    tcelld tcf tcl tcn tdfrmtxtBottom tdfrmtxtLeft tdfrmtxtRight tdfrmtxtTop themelang themelangcs themelangfe time
    titlepg tldot tleq tlhyph tlmdot tlth tlul toplinepunct tphcol tphmrg tphpg tposnegx tposnegy tposx tposxc tposxi
    tposxl tposxo tposxr tposy tposyb tposyc tposyil tposyin tposyout tposyoutv tposyt tpvmrg tpvpara tpvpg tq tqc
    tqdec tqr trackformatting trackmoves transmf trauth trautofit trbgbdiag trbgcross trbgdcross trbgdkbdiag
    trbgdkcross trbgdkdcross trbgdkfdiag trbgdkhor trbgdkvert trbgfdiag trbghoriz trbgvert trbrdrb trbrdrh trbrdrl
    trbrdrr trbrdrt trbrdrv trcbpat trcfpat trdate trftsWidth trftsWidthA trftsWidthB trgaph trhdr trkeep
    trkeepfollow trleft trowd trpaddb trpaddfb trpaddfl trpaddfr trpaddft trpaddl trpaddr trpaddt trpadob trpadofb
    trpadofl trpadofr trpadoft trpadol trpador trpadot trpat trqc trql trqr trrh trshdng trspdb trspdfb trspdfl
    trspdfr trspdft trspdl trspdr trspdt trspob trspofb trspofl trspofr trspoft trspol trspor trspot
    truncatefontheight truncex trwWidth trwWidthA trwWidthB ts tsbgbdiag tsbgcross tsbgdcross tsbgdkbdiag tsbgdkcross
    tsbgdkdcross tsbgdkfdiag tsbgdkhor tsbgdkvert tsbgfdiag tsbghoriz tsbgvert tsbrdrb tsbrdrdgl tsbrdrdgr tsbrdrh
    tsbrdrl tsbrdrr tsbrdrt tsbrdrv tscbandhorzeven tscbandhorzodd tscbandsh tscbandsv tscbandverteven tscbandvertodd
    tscellcbpat tscellcfpat tscellpaddb tscellpaddfb tscellpaddfl tscellpaddfr tscellpaddft tscellpaddl tscellpaddr
    tscellpaddt tscellpct tscellwidth tscellwidthfts tscfirstcol tscfirstrow tsclastcol tsclastrow tscnecell
    tscnwcell tscsecell tscswcell tsd tsnowrap tsrowd tsvertalb tsvertalc tsvertalt twoonone tx txbxtwalways
    txbxtwfirst txbxtwfirstlast txbxtwlast txbxtwno u useltbaln usenormstyforlist usexform utinl validatexml vern
    version vertalb vertalc vertalj vertalt vertdoc vertsect viewbksp viewkind viewnobound viewscale viewzk wbitmap
    wbmbitspixel wbmplanes wbmwidthbytes widctlpar widowctrl wmetafile wpeqn wpjst wpsp wraparound wrapdefault
    wrapthrough wraptight wraptrsp wrppunct xef xmlattr xmlattrns xmlns xmlsdttcell xmlsdttpara xmlsdttregular
    xmlsdttrow yr yts yxe
";

/// Properties of shapes without words in their value.
const SHAPE_PROPERTIES: &str = "
    WrapText adjust10Value adjust2Value adjust3Value adjust4Value adjust5Value adjust6Value adjust7Value adjust8Value
    adjust9Value adjustValue alignHR anchorText bWMode bWModeBW bWModePureBW borderBottomColor borderLeftColor
    borderRightColor borderTopColor bottom c3DAmbientIntensity c3DCrMod c3DDiffuseAmt c3DEdgeThickness
    c3DExtrudeBackward c3DExtrudeForward c3DExtrudePlane c3DExtrusionColor c3DFillIntensity c3DFillX c3DFillY
    c3DFillZ c3DKeyIntensity c3DKeyX c3DKeyY c3DKeyZ c3DOriginX c3DOriginY c3DRenderMode c3DRotationAngle
    c3DRotationAxisX c3DRotationAxisY c3DRotationAxisZ c3DRotationCenterX c3DRotationCenterY c3DRotationCenterZ
    c3DShininess c3DSkewAmount c3DSkewAngle c3DSpecularAmt c3DTolerance c3DXRotationAngle c3DXViewpoint
    c3DYRotationAngle c3DYViewpoint c3DZViewpoint ccol cdirFont cropFromBottom cropFromLeft cropFromRight cropFromTop
    cxk cxstyle dgmStyle dgmt dhgt dxHeightHR dxTextLeft dxTextRight dxWidthHR dxWrapDistLeft dxWrapDistRight
    dxyCalloutDropSpecified dxyCalloutGap dxyCalloutLengthSpecified dyTextBottom dyTextTop dyWrapDistBottom
    dyWrapDistTop dzColMargin f3D f3DOK fAllowOverlap fArrowheadsOK fAutoTextMargin fBackground fBehindDocument
    fC3DRotationCenterAuto fCallout fCalloutAccentBar fCalloutDropAuto fCalloutLengthSpecified fCalloutMinusX
    fCalloutMinusY fCalloutTextBorder fCameFromImgDummy fChangePage fDeleteAttachedObject fEditedWrap
    fExtrusionOnDblClick fFakeMaster fFillOK fFillShadeShapeOK fFilled fFitShapeToText fFitTextToShape fFlipH fFlipV
    fGtext fGtextOK fHidden fHitTestFill fHitTestLine fHorizRule fInitiator fInsetPen fInsetPenOK fIsBullet fIsButton
    fLayoutInCell fLine fLineOK fLineRecolorFillAsPicture fLineUseShapeAnchor fLockAdjustHandles fLockAgainstGrouping
    fLockAgainstSelect fLockAspectRatio fLockCropping fLockPosition fLockRotation fLockShapeType fLockText
    fLockVerticies fNoFillHitTest fNoHitTestPicture fNoLineDrawDash fNoStickyHandles fNoshadeHR fOleIcon
    fOnDblClickNotify fOneD fPerspective fPolicyBarcode fPolicyLabel fPreferRelativeResize fPrint fPropertiesMirrored
    fPseudoInline fReallyHidden fRecolorFillAsPicture fRelChangePage fRelFlipH fRelFlipV fRotateText fScriptAnchor
    fSelectText fShadow fShadowOK fStandardHR fUseBackground fUseShapeAnchor fUserDrawn fc3DConstrainRotation
    fc3DFillHarsh fc3DKeyHarsh fc3DLightFace fc3DMetallic fc3DParallel fc3DUseExtrusionColor fillAngle fillBackColor
    fillBackColorExt fillBackColorExtMod fillBackOpacity fillBlip fillColor fillColorExt fillColorExtMod fillCrMod
    fillDztype fillFocus fillHeight fillOpacity fillOriginX fillOriginY fillRectBottom fillRectLeft fillRectRight
    fillRectTop fillShadeColors fillShadePreset fillShadeType fillShape fillShapeOriginX fillShapeOriginY
    fillToBottom fillToLeft fillToRight fillToTop fillType fillUseRect fillWidth fillblipflags fshadowObscured
    geoBottom geoLeft geoRight geoTop groupBottom groupLeft groupRight groupTop gtextAlign gtextFBestFit gtextFBold
    gtextFDxMeasure gtextFItalic gtextFKern gtextFNormalize gtextFReverseRows gtextFShadow gtextFShrinkFit
    gtextFSmallcaps gtextFStretch gtextFStrikethrough gtextFTight gtextFUnderline gtextFVertical gtextSize
    gtextSpacing gvPage gvRelPage hspMaster hspNext lTxid left lidRegroup lineBackColor lineBackColorExt
    lineBackColorExtMod lineColor lineColorExt lineColorExtMod lineCrMod lineDashStyle lineDashing lineEndArrowLength
    lineEndArrowWidth lineEndArrowhead lineEndCapStyle lineFillBlip lineFillBlipFlags lineFillDztype lineFillHeight
    lineFillShape lineFillWidth lineJoinStyle lineMiterLimit lineStartArrowLength lineStartArrowWidth
    lineStartArrowhead lineStyle lineType lineWidth pAdjustHandles pConnectionSites pConnectionSitesDir pFragments
    pGuides pInscribe pSegmentInfo pVertices pVerticies pWrapPolygonVertices pctHR pctHoriz pctHorizPos pctVert
    pctVertPos perspectiveOffsetX perspectiveOffsetY perspectiveOriginX perspectiveOriginY perspectivePerspectiveX
    perspectivePerspectiveY perspectiveScaleXToX perspectiveScaleXToY perspectiveScaleYToX perspectiveScaleYToY
    perspectiveType perspectiveWeight pib pibFlags pibPrint pibPrintFlags pictureActive pictureBiLevel
    pictureBrightness pictureContrast pictureDblCrMod pictureFillCrMod pictureGamma pictureGray pictureId
    pictureLineCrMod pictureRecolor pictureRecolorExt pictureTransparent pictureTransparentExt posh posrelh posrelv
    posv relBottom relLeft relRight relRotation relTop right rotation scaleText shadowColor shadowColorExt
    shadowColorExtMod shadowCrMod shadowHighlight shadowHighlightExt shadowHighlightExtMod shadowOffsetX
    shadowOffsetY shadowOpacity shadowOriginX shadowPerspectiveX shadowPerspectiveY shadowScaleXToX shadowScaleXToY
    shadowScaleYToX shadowScaleYToY shadowSecondOffsetX shadowSecondOffsetY shadowSoftness shadowType shadowWeight
    shapePath shapeType sizerelh sizerelv spcoa spcod spcot tableProperties tableRowProperties top txdir txflTextFlow
    xLimo yLimo
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_in_one_list() {
        let lists = [DESTINATIONS, MATHEMATICS, CONTENT, CHARACTERS, LAYOUT];
        let mut words: Vec<&str> = lists.iter().flat_map(|list| list.split_ascii_whitespace()).collect();
        words.sort_unstable();
        let twice: Vec<&&str> =
            words.iter().zip(words.iter().skip(1)).filter(|(a, b)| a == b).map(|(a, _)| a).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic())));
        assert_eq!(purpose("par"), Some(Purpose::Content));
        assert_eq!(purpose("info"), Some(Purpose::Destination));
        assert_eq!(purpose("insrsid"), Some(Purpose::Layout));
        assert_eq!(purpose("cocoartf"), None);
        assert!(is_shape_property("fillColor") && !is_shape_property("wzName"));
    }
}
