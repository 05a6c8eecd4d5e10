# رموز الوصول الشخصية.
tokens-title = الرموز
tokens-heading = رموز الوصول الشخصية
tokens-lead = لبرامجك النصية ولسطر الأوامر. يعمل الرمز باسمك: فعامله كما تعامل كلمة مرورك.
tokens-fresh = رمزك الجديد: { $description }
tokens-fresh-once = انسخه الآن. لا يُعرض إلا هذه المرة، ولا نحتفظ إلا ببصمته.
tokens-the-token = الرمز
tokens-fresh-use = احفظه في متغير بيئة لا في البرنامج نفسه، ثم جرّبه:
tokens-first-call = أول استدعاء
tokens-none = لا رموز بعد
tokens-none-why = أنشئ رمزًا لبرنامج نصي أو لمهمة مجدولة أو لتجربة أولى لواجهة البرمجة. أما البرنامج الذي يستخدمه غيرك <app>فسجّل له تطبيقًا</app>.
tokens-yours = رموزك
tokens-count = { $n } من { $limit }
tokens-end-all = إبطال الكل…
tokens-made = أُنشئ في { $date }
tokens-expired = انتهت صلاحيته { $when }
tokens-expires = تنتهي صلاحيته { $when }
tokens-never-expires = لا تنتهي صلاحيته
tokens-used = استُخدم { $when } من { $address }
tokens-unused = لم يُستخدم قط
tokens-end = إبطال<unseen> { $description }</unseen>
tokens-full = { PLURAL($n) ->
    [one] لديك رمز واحد، والحد الأقصى { $limit }. أبطل رمزًا لم تعد تحتاج إليه لتنشئ غيره.
    [two] لديك رمزان، والحد الأقصى { $limit }. أبطل رمزًا لم تعد تحتاج إليه لتنشئ غيره.
    [few] لديك { $n } رموز، والحد الأقصى { $limit }. أبطل رمزًا لم تعد تحتاج إليه لتنشئ غيره.
    [many] لديك { $n } رمزًا، والحد الأقصى { $limit }. أبطل رمزًا لم تعد تحتاج إليه لتنشئ غيره.
   *[other] لديك { $n } رمز، والحد الأقصى { $limit }. أبطل رمزًا لم تعد تحتاج إليه لتنشئ غيره.
}
tokens-new = رمز جديد
tokens-what-for = ما الغرض منه؟
tokens-what-for-hint = لكي تتعرّف عليه بعد عام.
tokens-may = ماذا يستطيع أن يفعل؟
tokens-expires-after = مدة الصلاحية
tokens-days = { PLURAL($n) ->
    [one] يوم واحد
    [two] يومان
    [few] { $n } أيام
    [many] { $n } يومًا
   *[other] { $n } يوم
}
tokens-never = بلا انتهاء
tokens-make = إنشاء الرمز
tokens-choose-scope = اختر ما يستطيع الرمز فعله.
tokens-limit = { PLURAL($n) ->
    [one] لديك رمز واحد، وهو الحد الأقصى. أبطله إن لم تعد تحتاج إليه.
    [two] لديك رمزان، وهو الحد الأقصى. أبطل رمزًا لم تعد تحتاج إليه.
    [few] لديك { $n } رموز، وهو الحد الأقصى. أبطل رمزًا لم تعد تحتاج إليه.
    [many] لديك { $n } رمزًا، وهو الحد الأقصى. أبطل رمزًا لم تعد تحتاج إليه.
   *[other] لديك { $n } رمز، وهو الحد الأقصى. أبطل رمزًا لم تعد تحتاج إليه.
}
tokens-done-one = أُبطل الرمز، ولم يعد بوسع أحد استخدامه.
tokens-done-all = أُبطلت جميع رموزك، ولم يعد بوسع أحد استخدامها.

# ما يقوله الرمز عن نفسه.
inspect-title = فحص رمز
inspect-lead = ما نوعه، وماذا يستطيع أن يفعل، وإلى متى.
inspect-access = رمز وصول
inspect-refresh = رمز تحديث
inspect-personal = رمز وصول شخصي
inspect-active = صالح
inspect-app = التطبيق
inspect-scopes = النطاقات
inspect-issued = صدر في
inspect-expires = تنتهي صلاحيته
inspect-never = لا تنتهي ما دام يُستخدم
inspect-ends-with = ينتهي مع
inspect-with-session = جلسة المستخدم: فقد صدر عن تسجيل دخول فحسب، ويتوقف عندما يسجّل المستخدم خروجه من هنا
inspect-not-active = ليس رمزًا صالحًا
inspect-inactive = غير صالح
inspect-inactive-why = ربما انتهت صلاحيته أو أُبطل أو كُتب خطأً أو جاء من مكان آخر.
inspect-token = الرمز
inspect-another = رمز آخر
inspect-hint = رمز وصول أو رمز تحديث أو رمز وصول شخصي. لا يُحفظ ولا يُسجَّل.
inspect-submit = فحص
inspect-back = العودة إلى التطبيقات
