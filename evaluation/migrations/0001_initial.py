import django.db.models.deletion
import portal.clock
import portal.crypto
import uuid
from django.db import migrations, models
from portal.migration import Initial


class Migration(Initial):

    initial = True

    dependencies = [
        ('portal', '0001_initial'),
        ('programmes', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('kind', models.CharField(choices=[('person', 'personne'), ('pair', 'binôme')], max_length=8)),
            ],
            options={
                'verbose_name': 'unité statistique',
            },
        ),
        migrations.CreateModel(
            name='LinkKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('key', portal.crypto.SealedField(blank=True, default='', verbose_name='clé des rapprochements, détruite à la clôture de l’enquête de fin')),
                ('cycle', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='link_key', to='programmes.cycle')),
            ],
            options={
                'verbose_name': 'clé des rapprochements',
            },
        ),
        migrations.CreateModel(
            name='Questionnaire',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('code', models.SlugField(max_length=40)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('title', models.CharField(max_length=120, verbose_name='intitulé')),
                ('items', models.JSONField(verbose_name='questions')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte')),
            ],
            options={
                'verbose_name': 'questionnaire',
                'ordering': ['code', '-number'],
                'constraints': [models.UniqueConstraint(fields=('code', 'number'), name='questionnaire_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('edition', models.PositiveSmallIntegerField(verbose_name='édition')),
                ('rules_version', models.PositiveSmallIntegerField(verbose_name='version des règles')),
                ('data', models.TextField(verbose_name='contenu canonique')),
                ('sha256', models.CharField(max_length=64, verbose_name='empreinte')),
                ('established_at', models.DateTimeField(default=portal.clock.now, verbose_name='établie le')),
                ('shared_on', models.DateField(blank=True, null=True, verbose_name='ouverte aux participants le')),
                ('restituted_on', models.DateField(blank=True, null=True, verbose_name='restituée aux participants le')),
                ('restituted_how', models.CharField(blank=True, choices=[('meeting', 'réunion'), ('written', 'par écrit'), ('both', 'réunion et écrit')], max_length=8, verbose_name='forme de la restitution')),
                ('words', models.TextField(blank=True, max_length=1500, verbose_name='paragraphe des participants, relu par eux')),
                ('wishes', models.TextField(blank=True, max_length=600, verbose_name='ce qu’ils souhaitent pour la suite')),
                ('established_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.person')),
                ('exercice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='programmes.exercice')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='programmes.programme')),
            ],
            options={
                'verbose_name': 'publication',
                'ordering': ['-exercice__starts', '-edition'],
                'constraints': [models.UniqueConstraint(fields=('exercice', 'edition'), name='edition_once'), models.CheckConstraint(condition=models.Q(('sha256', ''), _negated=True), name='release_has_hash'), models.CheckConstraint(condition=models.Q(('restituted_on__isnull', True), ('shared_on__isnull', False), _connector='OR'), name='participants_read_first')],
            },
        ),
        migrations.CreateModel(
            name='PublishedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=10, verbose_name='indicateur')),
                ('stratum', models.CharField(blank=True, max_length=20, verbose_name='strate')),
                ('label', models.CharField(choices=[('value', 'valeur'), ('few', 'moins de 5 (zéro compris)'), ('withheld', 'non diffusé pour protéger les personnes'), ('not_collected', 'non recueilli'), ('not_applicable', 'sans objet'), ('not_published', 'non publié par la source')], max_length=16, verbose_name='libellé')),
                ('lo', models.BigIntegerField(blank=True, null=True, verbose_name='au moins')),
                ('hi', models.BigIntegerField(blank=True, null=True, verbose_name='au plus')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='evaluation.release')),
            ],
            options={
                'verbose_name': 'chiffre publié',
                'ordering': ['release', 'indicator', 'stratum'],
                'constraints': [models.UniqueConstraint(fields=('release', 'indicator', 'stratum'), name='figure_once'), models.CheckConstraint(condition=models.Q(models.Q(('hi__gte', models.F('lo')), ('label', 'value'), ('lo__isnull', False)), models.Q(models.Q(('label', 'value'), _negated=True), ('hi__isnull', True), ('lo__isnull', True)), _connector='OR'), name='figure_value_or_label')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('audience', models.CharField(choices=[('hr', 'RH'), ('referent', 'référent·e'), ('participants', 'participants')], max_length=12, verbose_name='destinataire')),
                ('format', models.CharField(choices=[('pdf', 'PDF')], default='pdf', max_length=4, verbose_name='format')),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='report', to='portal.storeddocument')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='portal.job')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='evaluation.release')),
            ],
            options={
                'verbose_name': 'rapport',
                'constraints': [models.UniqueConstraint(fields=('release', 'audience', 'format'), name='report_once')],
            },
        ),
        migrations.CreateModel(
            name='StatLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_ref', models.UUIDField(unique=True)),
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='link', to='evaluation.statunit')),
            ],
            options={
                'verbose_name': 'lien d’unité statistique',
            },
        ),
        migrations.CreateModel(
            name='FigureBasis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='basis', to='evaluation.publishedfigure')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.statunit')),
            ],
            options={
                'verbose_name': 'base d’un chiffre',
                'constraints': [models.UniqueConstraint(fields=('figure', 'unit'), name='basis_once')],
            },
        ),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('moment', models.CharField(choices=[('t0', 'au départ'), ('mid', 'à mi-parcours'), ('end', 'en fin de cycle'), ('later', 'six mois après'), ('hot', 'à chaud')], max_length=6, verbose_name='moment')),
                ('public', models.CharField(choices=[('participants', 'participants'), ('managers', 'encadrants'), ('event', 'à chaud')], default='participants', max_length=12, verbose_name='public')),
                ('rules_version', models.PositiveSmallIntegerField(verbose_name='version des règles')),
                ('plan', models.JSONField(default=dict, verbose_name='découpage prévu de chaque question')),
                ('own', models.JSONField(default=list, verbose_name='questions du programme, telles que posées')),
                ('compared', models.JSONField(default=list, verbose_name='questions comparées du départ à la fin')),
                ('changes', models.JSONField(default=dict, verbose_name='sens de chaque changement, compté à la clôture')),
                ('kept', models.JSONField(default=dict, verbose_name='ce qui en est publié, une fois les réponses détruites')),
                ('state', models.CharField(choices=[('planned', 'prévue'), ('open', 'ouverte'), ('closed', 'close')], default='planned', max_length=8, verbose_name='état')),
                ('opens_on', models.DateField(verbose_name='ouvre le')),
                ('closes_on', models.DateField(verbose_name='ferme le')),
                ('key', portal.crypto.SealedField(blank=True, default='', verbose_name='clé des liens, détruite à la clôture')),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('invited', models.PositiveIntegerField(default=0, verbose_name='invitations')),
                ('pairs_invited', models.PositiveIntegerField(default=0, verbose_name='binômes invités')),
                ('cycle', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waves', to='programmes.cycle')),
                ('gathering', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wave', to='programmes.gathering')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waves', to='programmes.programme')),
                ('questionnaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waves', to='evaluation.questionnaire')),
                ('session', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='wave', to='programmes.trainingsession')),
            ],
            options={
                'verbose_name': 'vague d’enquête',
                'ordering': ['-opens_on', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('cycle', 'moment', 'public'), name='wave_once'), models.CheckConstraint(condition=models.Q(models.Q(('cycle__isnull', True), ('gathering__isnull', True), ('public', 'event'), ('session__isnull', False)), models.Q(('cycle__isnull', True), ('gathering__isnull', False), ('public', 'event'), ('session__isnull', True)), models.Q(models.Q(('public', 'event'), _negated=True), ('cycle__isnull', False), ('gathering__isnull', True), ('session__isnull', True)), _connector='OR'), name='wave_of_a_cycle_or_an_event'), models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='wave_dates'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), ('key', '')), _connector='OR'), name='closed_wave_has_no_key')],
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('side', models.CharField(blank=True, choices=[('helper', 'pair-aidant·e'), ('helped', 'agent accompagné'), ('peer', 'entre pairs')], max_length=8)),
                ('paper', models.BooleanField(default=False)),
                ('used', models.BooleanField(default=False)),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tickets', to='evaluation.wave')),
            ],
            options={
                'verbose_name': 'ticket d’enquête',
            },
        ),
        migrations.CreateModel(
            name='Synthesis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('text', models.TextField(max_length=2000, verbose_name='synthèse')),
                ('agreed_on', models.DateField(blank=True, null=True, verbose_name='approuvée le')),
                ('wave', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='synthesis', to='evaluation.wave')),
            ],
            options={
                'verbose_name': 'synthèse des réponses libres',
            },
        ),
        migrations.CreateModel(
            name='OpenText',
            fields=[
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=8)),
                ('text', portal.crypto.SealedField(blank=True, default='', verbose_name='réponse libre')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_texts', to='evaluation.wave')),
            ],
            options={
                'verbose_name': 'réponse libre en cours de collecte',
            },
        ),
        migrations.CreateModel(
            name='OpenAnswer',
            fields=[
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('side', models.CharField(blank=True, choices=[('helper', 'pair-aidant·e'), ('helped', 'agent accompagné'), ('peer', 'entre pairs')], max_length=8)),
                ('payload', portal.crypto.SealedField(blank=True, default='', verbose_name='réponses')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_answers', to='evaluation.wave')),
            ],
            options={
                'verbose_name': 'réponse en cours de collecte',
            },
        ),
        migrations.CreateModel(
            name='CollectiveTalk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('moment', models.CharField(choices=[('t0', 'au départ'), ('mid', 'à mi-parcours'), ('end', 'en fin de cycle'), ('later', 'six mois après'), ('hot', 'à chaud')], max_length=6)),
                ('on', models.DateField(verbose_name='le')),
                ('created_at', models.DateTimeField(default=portal.clock.now)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talks', to='programmes.cycle')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evaluation.wave', verbose_name='enquête précédente')),
            ],
            options={
                'verbose_name': 'temps collectif d’échange',
                'constraints': [models.UniqueConstraint(fields=('cycle', 'moment'), name='talk_once')],
            },
        ),
        migrations.CreateModel(
            name='ClosedText',
            fields=[
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=8)),
                ('text', portal.crypto.SealedField(blank=True, default='', verbose_name='réponse libre')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closed_texts', to='evaluation.wave')),
            ],
            options={
                'verbose_name': 'réponse libre d’une vague close',
            },
        ),
        migrations.CreateModel(
            name='ClosedAnswer',
            fields=[
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('side', models.CharField(blank=True, choices=[('helper', 'pair-aidant·e'), ('helped', 'agent accompagné'), ('peer', 'entre pairs')], max_length=8)),
                ('payload', portal.crypto.SealedField(blank=True, default='', verbose_name='réponses')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closed_answers', to='evaluation.wave')),
            ],
            options={
                'verbose_name': 'réponse d’une vague close',
            },
        ),
        migrations.CreateModel(
            name='WaveInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('address', portal.crypto.SealedField(blank=True, default='', verbose_name='adresse d’un·e encadrant·e')),
                ('side', models.CharField(blank=True, choices=[('helper', 'pair-aidant·e'), ('helped', 'agent accompagné'), ('peer', 'entre pairs')], max_length=8, verbose_name='côté')),
                ('last_sent_on', models.DateField(blank=True, null=True, verbose_name='dernier envoi le')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='wave_invitations', to='portal.person')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='evaluation.wave')),
            ],
            options={
                'verbose_name': 'invitation à une enquête',
                'constraints': [models.UniqueConstraint(fields=('wave', 'person'), name='invited_once')],
            },
        ),
        migrations.CreateModel(
            name='WaveRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='référence')),
                ('role', models.CharField(choices=[('typist', 'tiers de saisie'), ('reader', 'lecture des réponses libres')], max_length=6, verbose_name='rôle')),
                ('agreed', models.BooleanField(default=False, verbose_name='d’accord avec la synthèse')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wave_roles', to='portal.person')),
                ('wave', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='evaluation.wave')),
            ],
            options={
                'verbose_name': 'rôle dans une enquête',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('wave', 'person'), name='one_part_in_a_wave')],
            },
        ),
        migrations.CreateModel(
            name='ImportedFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=10, verbose_name='indicateur')),
                ('value', models.PositiveIntegerField(verbose_name='valeur')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('published', models.BooleanField(default=False, verbose_name='déjà publié par la source')),
                ('exercice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imported_figures', to='programmes.exercice')),
            ],
            options={
                'verbose_name': 'donnée reprise',
                'ordering': ['indicator'],
                'constraints': [models.UniqueConstraint(fields=('exercice', 'indicator'), name='imported_once'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='imported_has_source')],
            },
        ),
        migrations.CreateModel(
            name='OwnQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='rang')),
                ('text', models.CharField(max_length=160, verbose_name='question')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_questions', to='programmes.programme')),
            ],
            options={
                'verbose_name': 'question du programme',
                'ordering': ['programme', 'number'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'number'), name='own_question_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 3)), name='three_own_questions')],
            },
        ),
        migrations.CreateModel(
            name='ReferenceFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('heading', models.CharField(max_length=80, verbose_name='rubrique')),
                ('text', models.CharField(max_length=400, verbose_name='fait')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reference_facts', to='programmes.programme')),
            ],
            options={
                'verbose_name': 'fait de référence',
                'ordering': ['programme', 'position'],
                'constraints': [models.UniqueConstraint(fields=('programme', 'position'), name='reference_fact_once')],
            },
        ),
    ]
